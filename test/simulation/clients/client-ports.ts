import type { Caller } from '../../../src/contracts/caller.ts'
import { canonicalJson } from '../../../src/kernel/canonical-json.ts'
import type { IdempotentRequest } from '../../../src/messaging/idempotency.ts'
import type { FullPartitions } from '../../../src/order/placing-with-room.ts'
import type { Catalogue } from '../../../workers/order/catalogue.ts'
import type { Outlet, Platform } from '../platform/platform.ts'
import type { System } from '../system/system.ts'
import type { Workload } from '../world/workload.ts'
import type { ClientRecords } from './client-records.ts'
import type { Persist } from './persist.ts'
import type { PlaceTogether } from './place-together.ts'

/** The parts that every client works with. */
export type ClientPorts = {
  platform: Platform
  system(): System
  workload: Workload
  catalogue: Catalogue
  records: ClientRecords
  persist: Persist
  placeTogether: PlaceTogether
  /** What the isolate of the clients knows of full partitions. */
  full: FullPartitions
}

/** One request of a client: what it does, from its own invocation. */
export type ClientTask = (outlet: Outlet) => Promise<void>

export const SHOP = 'shop'
/** Another client, which gives its orders the same external ids as the shop. */
export const NEIGHBOUR = 'neighbour'
export const CALLER: Caller = { client: SHOP, scopes: ['operations'] }

/** The request that an idempotency key stands for. There is none without a key. */
export const requestFor = (
  path: string,
  key: string | undefined,
  body: unknown,
  client = SHOP,
): IdempotentRequest | undefined =>
  key === undefined ? undefined : { requestKey: `${client} ${path} ${key}`, fingerprint: canonicalJson(body) }

/** The payment token of an order. The hostile bank looks at no token. */
export const tokenOf = ({ system, workload }: ClientPorts, order: number): string | undefined =>
  system().setup.bank === 'hostile' ? 'pm_card_visa' : workload.tokens[order]

export const drawId = (prefix: string, { actor }: Outlet): string =>
  `${prefix}_${Math.floor(actor.chance() * 2 ** 32).toString(36)}`
