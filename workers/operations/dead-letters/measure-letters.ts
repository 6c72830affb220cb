import { gauge, type Sample } from '../../../src/contracts/metrics.ts'

/** Open letters by queue and reason, and events that ran out of deliveries. Both tables are small, or read by an index. */
export const measureLetters = async (database: D1Database): Promise<Sample[]> => {
  const [letters, exhausted] = await database.batch<{ consumer: string; label: string; times: number }>([
    database.prepare(
      `SELECT consumer, reason AS label, count(*) AS times FROM dead_letters WHERE status = 'open'
        GROUP BY consumer, reason`,
    ),
    database.prepare('SELECT consumer, type AS label, times FROM exhausted'),
  ])
  return [
    ...(letters?.results ?? []).map(({ consumer, label, times }) =>
      gauge('edge_orders_dead_letters_open', times, { queue: `${consumer}-inbox`, reason: label }),
    ),
    ...(exhausted?.results ?? []).map(({ consumer, label, times }) => ({
      name: 'edge_orders_retries_exhausted_total' as const,
      labels: { queue: `${consumer}-inbox`, type: label },
      value: times,
    })),
  ]
}
