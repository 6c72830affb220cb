import measured from './measured.json' with { type: 'json' }
import type { Capacities } from './tables.ts'

/** How many orders a second a number of partitions or products bears. */
export type Point = { count: number; ordersPerSecond: number }

/** The form of `measured.json`. Each point is a median of runs of `command` on `machine`. */
export type Measured = {
  machine: string
  date: string
  command: string
  byPartitions: readonly Point[]
  byProducts: readonly Point[]
}

type Series = { name: string; colour: string; points: readonly Point[]; isDashed: boolean }
type Chart = { title: string; xAxis: string; series: readonly Series[] }

const MODEL_COLOUR = '#1f6feb'
const MEASURED_COLOUR = '#d1571b'
const [WIDTH, HEIGHT, MARGIN] = [420, 300, 56]

/** Two charts as one SVG: throughput against order partitions, and against products. */
export const throughputPlot = ({ byPartitions, byStock }: Capacities): string => {
  const charts = [
    chartOf('Order partitions', 'order partitions', byPartitions, 'byPartitions'),
    chartOf('Products, each in one stock partition', 'products', byStock, 'byProducts'),
  ]
  const drawn = charts.map(
    (chart, index) => `<g transform="translate(${index * WIDTH} 0)">${draw(chart)}</g>`,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH * charts.length} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#57606a">`,
    '<title>Orders per second against order partitions and against products</title>',
    ...drawn,
    '</svg>\n',
  ].join('\n')
}

const chartOf = (
  title: string,
  xAxis: string,
  model: readonly Point[],
  of: 'byPartitions' | 'byProducts',
): Chart => {
  const { date, [of]: points } = measured as Measured
  const modelled: Series = {
    name: 'model of the platform',
    colour: MODEL_COLOUR,
    points: model,
    isDashed: true,
  }
  const onMachine = {
    name: `measured on one machine, ${date}`,
    colour: MEASURED_COLOUR,
    points,
    isDashed: false,
  }
  return { title, xAxis, series: points.length === 0 ? [modelled] : [modelled, onMachine] }
}

/** Counts are drawn on a logarithmic axis, rates on a linear one. */
const draw = ({ title, xAxis, series }: Chart): string => {
  const points = series.flatMap((each) => each.points)
  const countMax = Math.max(...points.map(({ count }) => count))
  const rateMax = roundUp(Math.max(...points.map(({ ordersPerSecond }) => ordersPerSecond)))
  const x = (count: number) => MARGIN + (Math.log2(count) / Math.log2(countMax)) * (WIDTH - 2 * MARGIN)
  const y = (rate: number) => HEIGHT - MARGIN - (rate / rateMax) * (HEIGHT - 2 * MARGIN)
  const counts = [...new Set(points.map(({ count }) => count))]
  const rates = [0, 1, 2, 3, 4].map((quarter) => (rateMax * quarter) / 4)
  return [
    `<text x="${MARGIN}" y="24" font-weight="bold">${title}</text>`,
    ...rates.map(
      (rate) =>
        `<path d="M${MARGIN} ${fixed(y(rate))}H${WIDTH - MARGIN}" stroke="#d0d7de"/><text x="${MARGIN - 6}" y="${fixed(y(rate) + 4)}" text-anchor="end">${rate}</text>`,
    ),
    ...counts.map(
      (count) =>
        `<text x="${fixed(x(count))}" y="${HEIGHT - MARGIN + 18}" text-anchor="middle">${count}</text>`,
    ),
    `<text x="${WIDTH / 2}" y="${HEIGHT - MARGIN + 38}" text-anchor="middle">${xAxis}; orders/s upwards</text>`,
    ...series.map(({ name, colour, isDashed, points: its }, index) => {
      const line = its.map(({ count, ordersPerSecond }) => `${fixed(x(count))} ${fixed(y(ordersPerSecond))}`)
      const dots = line.map(
        (at) => `<circle cx="${at.split(' ')[0]}" cy="${at.split(' ')[1]}" r="3" fill="${colour}"/>`,
      )
      const dash = isDashed ? ' stroke-dasharray="5 4"' : ''
      return `<path d="M${line.join('L')}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>${dots.join('')}<text x="${MARGIN}" y="${40 + 14 * index}" fill="${colour}">${name}</text>`
    }),
  ].join('\n')
}

const fixed = (value: number): string => value.toFixed(1)

/** To one digit that four lines divide well. */
const roundUp = (value: number): number => {
  const unit = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 4, 6, 8, 10].map((digit) => digit * unit).find((round) => round >= value) ?? value
}
