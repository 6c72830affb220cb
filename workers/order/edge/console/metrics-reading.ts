/** The series of `GET /metrics`, as the overview reads them. */
export type Reading = {
  /** The sum of a metric over all series with these labels. */
  sum(name: string, labels?: Labels): number
  most(name: string, labels?: Labels): number
  /** The upper bound under which this share of a histogram's observations lies. Undefined where there are none. */
  quantile(name: string, share: number): number | undefined
}

type Labels = Readonly<Record<string, string>>
type Series = { name: string; labels: Labels; value: number }

const LINE = /^(\w+)(?:\{(.*)\})? (\S+)$/gm

export const readMetrics = (text: string): Reading => {
  const all = [...text.matchAll(LINE)].map(([, name = '', labels = '', value]) => ({
    ...{ name, labels: labelsOf(labels) },
    value: Number(value),
  }))
  const valuesOf = (name: string, labels: Labels = {}) =>
    all.filter((each) => each.name === name && hasLabels(each, labels)).map(({ value }) => value)
  return {
    sum: (name, labels) => valuesOf(name, labels).reduce((total, value) => total + value, 0),
    most: (name, labels) => Math.max(0, ...valuesOf(name, labels)),
    quantile: (name, share) => {
      const bounds = [
        ...new Set(all.flatMap((each) => (each.name === `${name}_bucket` ? (each.labels['le'] ?? []) : []))),
      ]
      const counts = bounds.map((le) => ({
        bound: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le),
        count: valuesOf(`${name}_bucket`, { le }).reduce((total, value) => total + value, 0),
      }))
      const total = Math.max(0, ...counts.map(({ count }) => count))
      if (total === 0) return undefined
      const reached = counts.filter(({ count }) => count >= share * total).map(({ bound }) => bound)
      return Math.min(...reached)
    },
  }
}

const labelsOf = (text: string): Labels =>
  Object.fromEntries([...text.matchAll(/(\w+)="((?:\\.|[^"\\])*)"/g)].map(([, name, value]) => [name, value]))

const hasLabels = (series: Series, labels: Labels): boolean =>
  Object.entries(labels).every(([name, value]) => series.labels[name] === value)
