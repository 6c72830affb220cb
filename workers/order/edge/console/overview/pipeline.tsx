import { spanOf, type Tone } from '../parts.tsx'
import { count, inboxOf, type Measured, placedPerMinute, rate, toneOf } from './reading.ts'

const WIDTH = 400
const HEIGHT = 262
const NODE = { width: 92, height: 46 }
const HEAD = 7

type Point = readonly [x: number, y: number]
type Backlog = ReturnType<typeof inboxOf>

/**
 * The way of an order, with what waits on each arrow. An arrow turns amber when its oldest message has waited for a
 * minute, and red after five, and says so.
 */
export const Pipeline = (measured: Measured) => {
  const { reading } = measured
  const inventory = inboxOf(reading, 'inventory-inbox')
  const payment = inboxOf(reading, 'payment-inbox')
  const reports = inboxOf(reading, 'order-inbox')
  const operations = inboxOf(reading, 'operations-inbox')
  const pending = reading.sum('edge_orders_orders_pending')
  return (
    <svg class="pipeline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
      <title>Pipeline</title>
      <Arrow
        points={[
          [96, 33],
          [152, 33],
        ]}
        tone="good"
      />
      <Arrow
        points={[
          [176, 58],
          [86, 190],
        ]}
        tone={toneOf(inventory.seconds)}
      />
      <Arrow
        points={[
          [224, 58],
          [314, 190],
        ]}
        tone={toneOf(payment.seconds)}
      />
      <Arrow
        points={[
          [124, 200],
          [194, 200],
          [194, 60],
        ]}
        tone={toneOf(reports.seconds)}
      />
      <Arrow
        points={[
          [276, 200],
          [206, 200],
          [206, 60],
        ]}
        tone={toneOf(reports.seconds)}
      />
      <Arrow
        points={[
          [248, 33],
          [304, 33],
        ]}
        tone={toneOf(operations.seconds)}
      />
      <Node
        at={[2, 10]}
        name="API"
        says={`${rate(placedPerMinute(measured))} / min`}
        href="/console/orders"
      />
      <Node
        at={[154, 10]}
        name="Order"
        says={`${count(pending)} pending`}
        href="/console/orders?status=pending"
      />
      <Node at={[306, 10]} name="Webhooks" says="announced" href="/console/webhooks" />
      <Node at={[30, 192]} name="Inventory" says="stock" href="/console/inventory" />
      <Node at={[278, 192]} name="Payment" says="bank" href="/console/payments" />
      <Waiting at={[118, 100]} anchor="end" backlog={inventory} />
      <Waiting at={[282, 100]} anchor="start" backlog={payment} />
      <Waiting at={[200, 222]} anchor="middle" backlog={reports} name="reports" />
      <Waiting at={[352, 72]} anchor="middle" backlog={operations} />
    </svg>
  )
}

/** A line through these points, with a head at the last one. */
const Arrow = ({ points, tone }: { points: readonly Point[]; tone: Tone }) => {
  const [to = [0, 0], from = [0, 0]] = points.toReversed()
  const length = Math.hypot(to[0] - from[0], to[1] - from[1])
  const [dx, dy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length]
  const neck: Point = [to[0] - dx * HEAD, to[1] - dy * HEAD]
  const head = [
    to,
    [neck[0] - (dy * HEAD) / 2, neck[1] + (dx * HEAD) / 2],
    [neck[0] + (dy * HEAD) / 2, neck[1] - (dx * HEAD) / 2],
  ] as const
  return (
    <g class={`arrow ${tone}`}>
      <polyline points={textOf([...points.slice(0, -1), neck])} />
      <polygon points={textOf(head)} />
    </g>
  )
}

const textOf = (points: readonly Point[]): string =>
  points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')

type NodeProps = { at: Point; name: string; says: string; href: string }

const Node = ({ at: [x, y], name, says, href }: NodeProps) => (
  <a href={href}>
    <rect class="node" x={x} y={y} width={NODE.width} height={NODE.height} rx="8" />
    <text class="name" x={x + NODE.width / 2} y={y + 20} text-anchor="middle">
      {name}
    </text>
    <text class="small" x={x + NODE.width / 2} y={y + 37} text-anchor="middle">
      {says}
    </text>
  </a>
)

type WaitingProps = { at: Point; anchor: 'start' | 'middle' | 'end'; backlog: Backlog; name?: string }

const SAYS: Readonly<Record<string, string>> = { warn: 'slow', bad: 'stands' }

/** How many messages wait on an arrow, for how long, and the dead letters of their consumer. */
const Waiting = ({ at: [x, y], anchor, backlog, name }: WaitingProps) => {
  const { queue, messages, seconds, letters } = backlog
  const tone = messages === 0 ? 'good' : toneOf(seconds)
  const word = SAYS[tone]
  const lines = [
    `${count(messages)} ${name === undefined ? 'waiting' : `${name} waiting`}`,
    ...(messages === 0 ? [] : [`${word === undefined ? '' : `${word}, `}oldest ${spanOf(seconds)}`]),
  ]
  return (
    <>
      <a href="/console/health" aria-label={`${queue}: ${lines.join(', ')}`}>
        <text class={`waiting ${tone}`} x={x} y={y} text-anchor={anchor}>
          {lines.map((line, index) => (
            <tspan x={x} dy={index === 0 ? 0 : 16}>
              {line}
            </tspan>
          ))}
        </text>
      </a>
      {letters > 0 && (
        <a href={`/console/dead-letters?queue=${queue}`}>
          <text class="waiting bad" x={x} y={y + 16 * lines.length} text-anchor={anchor}>
            {count(letters)} dead {letters === 1 ? 'letter' : 'letters'}
          </text>
        </a>
      )}
    </>
  )
}
