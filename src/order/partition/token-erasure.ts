import type { Instant } from '../../kernel/instant.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { advanceSweep, reopenSweep, SWEEP_PAUSE_MS, sweptUpTo } from '../../messaging/sweep.ts'
import { attempt } from '../../messaging/turn.ts'
import type { Order } from '../order.ts'
import type { TokenHasher } from '../payment-token.ts'
import { externalIdOf, isTokenUsed, lacksHash, withoutUsedToken } from '../payment-token.ts'
import { loadAfter, loadOrders, type OrderRow } from './order-store.ts'
import type { OrderWrites } from './order-writes.ts'

const SWEEP = 'tokens'

/** Hashes by order id, for tokens that were stored without one by older code or by a Worker without a key. */
export type TokenHashes = ReadonlyMap<string, string>

/** Erases used payment tokens. A hash that replaces a token is computed before the turn, since that is asynchronous. */
export const createTokenErasure = (
  host: PartitionHost,
  writes: OrderWrites,
  hashToken: TokenHasher | undefined,
) => {
  const { sql } = host
  const hashFor = async (order: Order): Promise<[string, string][]> => {
    const { orderId, client, paymentToken } = order
    const externalId = externalIdOf(order)
    if (client === null || externalId === undefined || paymentToken === undefined) return []
    const [hash] = (await hashToken?.(client, externalId, paymentToken)) ?? []
    return hash === undefined ? [] : [[orderId, hash]]
  }
  const hash = async (rows: readonly OrderRow[]): Promise<TokenHashes> =>
    new Map((await Promise.all(rows.map(({ order }) => (lacksHash(order) ? hashFor(order) : [])))).flat())

  /** In a turn. A token that cannot be erased because the Worker has no key is swept once there is a key. */
  const eraseUsed = (row: OrderRow, hashes: TokenHashes = NONE): OrderRow => {
    const hash = hashes.get(row.order.orderId)
    const hashed = hash === undefined ? row.order : { ...row.order, paymentTokenHash: hash }
    const order = withoutUsedToken(hashed)
    if (hashToken === undefined && lacksHash(order) && isTokenUsed(order)) reopenSweep(sql, SWEEP)
    return order === row.order ? row : { ...row, order }
  }

  return {
    hash,
    eraseUsed,
    /** When the next portion is due. Without a key a sweep waits until there is one. */
    sweepAt: (): Instant =>
      hashToken === undefined || sweptUpTo(sql, SWEEP) === undefined
        ? Number.POSITIVE_INFINITY
        : host.now() + SWEEP_PAUSE_MS,

    /** Handles the next portion of the orders that older code has stored. */
    sweep: async (): Promise<void> => {
      const after = hashToken && sweptUpTo(sql, SWEEP)
      if (after === undefined) return
      const portion = loadAfter(sql, after)
      const orderIds = portion.map((row) => row.order.orderId)
      const hashes = await hash(portion)
      attempt(host, {}, () => {
        advanceSweep(sql, SWEEP, orderIds)
        for (const row of loadOrders(sql, orderIds).values()) {
          const changed = eraseUsed(row, hashes)
          if (changed !== row) writes.update(changed)
        }
      })
    },
  }
}

const NONE: TokenHashes = new Map()

export type TokenErasure = ReturnType<typeof createTokenErasure>
