/** The series of `GET /metrics`, as the overview reads them. */
export type Reading = {
  /** The sum of a metric over all series with these labels. */
  sum(name: string, labels?: Labels): number
  most(name: string, labels?: Labels): number
  /** What the series of a metric with such a value have as this label. */
  labelsWhere(name: string, label: string, isSuch: (value: number) => boolean): string[]
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
    labelsWhere: (name, label, isSuch) =>
      all.flatMap((each) =>
        each.name === name && isSuch(each.value) && each.labels[label] !== undefined
          ? [each.labels[label]]
          : [],
      ),
  }
}

const labelsOf = (text: string): Labels =>
  Object.fromEntries([...text.matchAll(/(\w+)="((?:\\.|[^"\\])*)"/g)].map(([, name, value]) => [name, value]))

const hasLabels = (series: Series, labels: Labels): boolean =>
  Object.entries(labels).every(([name, value]) => series.labels[name] === value)
