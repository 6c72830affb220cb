import { expect, it } from 'vitest'
import { gauge, METRICS, type Sample } from '../../../src/contracts/metrics.ts'
import { prometheusText } from '../../../src/documents/prometheus-text.ts'

const linesOf = (...samples: Sample[]): string[] =>
  prometheusText(samples)
    .split('\n')
    .filter((line) => !line.startsWith('#'))

it('the series of a metric stand together, below its help and type', () => {
  const samples = ['a', 'b'].flatMap((partition) => [
    gauge('edge_orders_partition_up', 1, { partition }),
    gauge('edge_orders_orders_stuck', 2, { partition }),
  ])
  expect(
    prometheusText(samples),
  ).toBe(`# HELP edge_orders_orders_stuck ${METRICS.edge_orders_orders_stuck.help}
# TYPE edge_orders_orders_stuck gauge
edge_orders_orders_stuck{partition="a"} 2
edge_orders_orders_stuck{partition="b"} 2
# HELP edge_orders_partition_up ${METRICS.edge_orders_partition_up.help}
# TYPE edge_orders_partition_up gauge
edge_orders_partition_up{partition="a"} 1
edge_orders_partition_up{partition="b"} 1
`)
})

it('a bucket of a histogram counts the buckets below it too', () => {
  const labels = { operation: 'capture' }
  const buckets = [1, 0, 2, 0, 0, 0, 0, 4]
  expect(linesOf({ name: 'edge_orders_bank_call_seconds', labels, sum: 31.5, buckets })).toEqual([
    'edge_orders_bank_call_seconds_bucket{operation="capture",le="0.05"} 1',
    'edge_orders_bank_call_seconds_bucket{operation="capture",le="0.1"} 1',
    'edge_orders_bank_call_seconds_bucket{operation="capture",le="0.25"} 3',
    'edge_orders_bank_call_seconds_bucket{operation="capture",le="0.5"} 3',
    'edge_orders_bank_call_seconds_bucket{operation="capture",le="1"} 3',
    'edge_orders_bank_call_seconds_bucket{operation="capture",le="2.5"} 3',
    'edge_orders_bank_call_seconds_bucket{operation="capture",le="5"} 3',
    'edge_orders_bank_call_seconds_bucket{operation="capture",le="+Inf"} 7',
    'edge_orders_bank_call_seconds_sum{operation="capture"} 31.5',
    'edge_orders_bank_call_seconds_count{operation="capture"} 7',
    '',
  ])
})

it('quotes, backslashes and line feeds in a label are escaped', () => {
  expect(linesOf(gauge('edge_orders_dead_letters_open', 1, { queue: 'a"\\\nb' }))).toEqual([
    'edge_orders_dead_letters_open{queue="a\\"\\\\\\nb"} 1',
    '',
  ])
})
