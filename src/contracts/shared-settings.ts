import { externalCount, parsePartitionCounts, partitionLabels } from '../kernel/partitions.ts'

/** Settings that several Workers have: why they have to mean the same, and where they are set. */
const SHARED = {
  ORDER_PARTITIONS: {
    reason: 'a payment lies in the partition of its order',
    files: 'wrangler.toml and workers/payment/wrangler.toml',
    meaningOf: (list: string) => placesOf(list),
  },
  DEFAULT_CURRENCY: {
    reason: 'an event without a currency is to mean the same everywhere',
    files: 'all four wrangler.toml files',
    meaningOf: (currency: string) => currency,
  },
  PAYMENT_GATEWAY: {
    reason: 'the order Worker refuses what the bank cannot charge',
    files: 'both, as `npm run deploy` does, or locally in .dev.vars and workers/payment/.dev.vars',
    meaningOf: (gateway: string) => gateway,
  },
} as const

const NAMES = [
  'ORDER_PARTITIONS',
  'DEFAULT_CURRENCY',
  'PAYMENT_GATEWAY',
] as const satisfies (keyof typeof SHARED)[]

export type SharedSettings = Partial<Record<keyof typeof SHARED, string>>

/** Where a Worker's settings are not the order Worker's, which says its own in the query of `/readyz`. */
export const differences = (own: SharedSettings, orders: SharedSettings): string[] =>
  NAMES.flatMap((name) => {
    const [here, there] = [own[name], orders[name]]
    const { reason, files, meaningOf } = SHARED[name]
    if (here === undefined || there === undefined || meaningOf(here) === meaningOf(there)) return []
    return `${name} is ${here} here and ${there} at the order Worker, but ${reason}. Set the same in ${files}.`
  })

/** What of a list decides where a payment lies: which partitions there are, and how external ids are spread over them. */
const placesOf = (list: string): string => {
  const counts = parsePartitionCounts(list)
  return counts.ok ? `${externalCount(counts.value)} of ${partitionLabels(counts.value).length}` : list
}
