import { HISTOGRAMS, METRICS, type MetricName, type Sample } from '../contracts/metrics.ts'

/** The media type of version 0.0.4 of Prometheus' text format. */
export const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8'

/** Samples as Prometheus reads them. The series of a metric stand together, below its help and its type. */
export const prometheusText = (samples: readonly Sample[]): string => {
  const byName = Map.groupBy(samples, ({ name }) => name)
  const lines = (Object.keys(METRICS) as MetricName[]).flatMap((name) => {
    const series = byName.get(name)
    return series === undefined ? [] : [...headOf(name), ...series.flatMap(linesOf)]
  })
  return lines.map((line) => `${line}\n`).join('')
}

const headOf = (name: MetricName): string[] => [
  `# HELP ${name} ${escaped(METRICS[name].help)}`,
  `# TYPE ${name} ${METRICS[name].type}`,
]

const linesOf = (sample: Sample): string[] =>
  'value' in sample
    ? [line(sample.name, sample.labels, sample.value)]
    : [
        ...summedUp(sample.buckets).map((count, index) =>
          line(`${sample.name}_bucket`, { ...sample.labels, le: boundOf(sample.name, index) }, count),
        ),
        line(`${sample.name}_sum`, sample.labels, sample.sum),
        line(`${sample.name}_count`, sample.labels, summedUp(sample.buckets).at(-1) ?? 0),
      ]

/** A bucket of Prometheus counts what lies in the buckets below it too. */
const summedUp = (buckets: readonly number[]): number[] => {
  let sum = 0
  return buckets.map((count) => {
    sum += count
    return sum
  })
}

const boundOf = (name: MetricName, index: number): string => {
  const bounds: readonly number[] =
    name in HISTOGRAMS ? HISTOGRAMS[name as keyof typeof HISTOGRAMS].bounds : []
  return index < bounds.length ? String(bounds[index]) : '+Inf'
}

const line = (name: string, labels: Readonly<Record<string, string>>, value: number): string => {
  const pairs = Object.entries(labels).map(
    ([label, text]) => `${label}="${escaped(text).replaceAll('"', '\\"')}"`,
  )
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
