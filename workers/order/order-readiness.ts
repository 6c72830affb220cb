import type { Check } from '../../src/cloudflare/checks.ts'
import { orNothing } from '../../src/cloudflare/metrics.ts'
import { notRearmed, rearmAll } from '../../src/cloudflare/rearm.ts'
import { storageKeyWarnings } from '../../src/cloudflare/storage-key.ts'
import { unreadable } from '../../src/cloudflare/unreadable.ts'
import demoCatalogue from '../../src/contracts/demo-catalogue.json' with { type: 'json' }
import {
  type Finding,
  readinessOf,
  type WorkerParts,
  type WorkerReadiness,
} from '../../src/contracts/http/readiness.ts'
import type { Sample } from '../../src/contracts/metrics.ts'
import { FIRST_ITEM } from '../../src/contracts/paging.ts'
import type { SharedSettings } from '../../src/contracts/shared-settings.ts'
import { partitionCountsText } from '../../src/kernel/partitions.ts'
import { PAUSES_MAX } from '../../src/order/pause.ts'
import { bridgeWarnings } from './bridge/open-bridge.ts'
import { createCatalogue } from './catalogue.ts'
import { FIRST_PARTITION } from './first-partition.ts'
import { findOrders } from './order-list.ts'
import { openOrderPartitions } from './order-partitions.ts'
import { findPauses } from './pauses.ts'
import { type OrderSettings, readOrderSettings } from './settings.ts'

/** The readiness of the order Worker itself, without the other Workers. */
export const orderReadiness = async (
  env: OrderEnv,
  check: Check,
  partsOf: (env: object) => Promise<WorkerParts>,
): Promise<WorkerReadiness> => {
  const found = await Promise.all([pausesOf(env), fullPartitionsOf(env, check), bridgeFaultsOf(env, check)])
  const warnings = [...found.flat(), ...warningsOf(env)]
  return readinessOf(await problemsOf(env, check), warnings, await partsOf(env))
}

/** Orders that are refused on purpose. Everybody may see this, so the operator's reason is not part of it. */
const pausesOf = async (env: OrderEnv): Promise<string[]> => {
  const pauses = await findPauses(env.ORDERS_DB, ALL_PAUSES).catch(() => ({ items: [] }))
  return pauses.items.map(({ productId, at }) => {
    const [names, flag] =
      productId === undefined ? ['', ''] : [` for ${productId}`, ` --product ${productId}`]
    return `New orders${names} are paused since ${at}. \`npm run ops -- orders resume${flag}\` takes them again`
  })
}

/** Partitions without room. Orders go on: in the others, or in these where no other has room. */
const fullPartitionsOf = async (env: OrderEnv, check: Check): Promise<string[]> => {
  const settings = readOrderSettings(env)
  if (!settings.ok) return []
  const findings = await check('the room in partitions', async () => {
    const partitions = await openOrderPartitions(env.ORDERS, settings.value.partitions)().catch(
      () => undefined,
    )
    // Under a setting that is refused, no partition may begin to exist.
    const isRefused = partitions === undefined || (await partitions.objection()) !== undefined
    const all = isRefused ? [] : partitions.all()
    const full = await Promise.all(
      all.map(async ({ name, measure }) => ((await orNothing(measure()))?.some(isFull) ? [name] : [])),
    )
    return noRoom(full.flat(), all.length)
  })
  return findings.flatMap((finding) => (typeof finding === 'string' ? finding : []))
}

const bridgeFaultsOf = async (env: OrderEnv, check: Check): Promise<string[]> => {
  const settings = readOrderSettings(env)
  return settings.ok ? await bridgeWarnings(env, settings.value, check) : []
}

const isFull = (sample: Sample): boolean =>
  sample.name === 'edge_orders_partition_full' && 'value' in sample && sample.value === 1

const noRoom = (full: readonly string[], count: number): string[] => {
  if (full.length === 0) return []
  const names = full.length === count ? 'Every order partition' : full.join(', ')
  const goes =
    full.length === count ? 'New orders still go there, until 10 GB' : 'New orders go to the others'
  return [
    `${names} has reached ORDER_PARTITION_BYTES_MAX. ${goes}. Lengthen ORDER_PARTITIONS in wrangler.toml and workers/payment/wrangler.toml to add partitions`,
  ]
}

const ALL_PAUSES = { list: '', limit: PAUSES_MAX }

/** Secrets that an older deployment may still lack. Orders go on without them. */
const warningsOf = (env: OrderEnv): string[] => {
  const settings = readOrderSettings(env)
  if (!settings.ok) return storageKeyWarnings(env, STORAGE)
  const { warnings, readTokenKeys } = settings.value
  return [...warnings, ...storageKeyWarnings(env, readTokenKeys.length === 0 ? STORAGE_AND_TOKENS : STORAGE)]
}

const STORAGE = {
  config: 'wrangler.toml',
  consequence: 'payment tokens of orders that came as events are kept in plain text after they were used',
}

const STORAGE_AND_TOKENS = {
  ...STORAGE,
  consequence: `${STORAGE.consequence}, and the responses to new orders have no read token`,
}

const problemsOf = async (env: OrderEnv, check: Check): Promise<Finding[]> => {
  const settings = readOrderSettings(env)
  if (!settings.ok) return settings.reason
  const findings = await Promise.all([
    partitionProblems(env, settings.value, check),
    check('ORDERS_DB', () => catalogueProblems(env).catch(unreadable('ORDERS_DB', 'wrangler.toml'))),
    check('LISTS_DB', () => listProblems(env).catch(unreadable('LISTS_DB', 'wrangler.toml'))),
  ])
  return findings.flat()
}

const partitionProblems = async (
  env: OrderEnv,
  { partitions: set }: OrderSettings,
  check: Check,
): Promise<Finding[]> => {
  try {
    const partitions = await openOrderPartitions(env.ORDERS, set)()
    return await rearmAll(partitions.all(), partitions.objection, check)
  } catch (error) {
    return [notRearmed(FIRST_PARTITION, error)]
  }
}

/** The settings that the other Workers compare with their own. What cannot be read is a finding of `orderReadiness`. */
export const sharedSettings = async (env: OrderEnv): Promise<SharedSettings> => {
  const settings = readOrderSettings(env)
  if (!settings.ok) return {}
  const { partitions: set, defaultCurrency, gateway } = settings.value
  const partitions = await openOrderPartitions(env.ORDERS, set)().catch(() => undefined)
  return {
    ...(partitions && { ORDER_PARTITIONS: partitionCountsText(partitions.counts) }),
    DEFAULT_CURRENCY: defaultCurrency,
    PAYMENT_GATEWAY: gateway,
  }
}

/** The filter needs the newest migration. */
const listProblems = async (env: OrderEnv): Promise<Finding[]> => {
  await findOrders(env.LISTS_DB, { client: '', scopes: [] }, { isSettled: false }, FIRST_ITEM)
  return []
}

const catalogueProblems = async (env: OrderEnv): Promise<Finding[]> => {
  const missing = await missingProducts(env)
  if (missing.length === 0) return []
  return [
    `The demo catalogue cannot be ordered yet: ${missing.join(', ')}. \`npm start\` puts it in, and \`npm run demo\` beside \`wrangler dev\``,
  ]
}

/** The products that must be orderable before this deployment is ready: the demo catalogue, where it is configured. */
export const stockedProducts = (env: OrderEnv): string[] => {
  const settings = readOrderSettings(env)
  const isDemo = settings.ok && settings.value.hasDemoCatalogue
  return isDemo ? demoCatalogue.map((product) => product.productId) : []
}

/** The demo products that the copy of the catalogue does not have yet. */
const missingProducts = async (env: OrderEnv): Promise<string[]> => {
  const ids = stockedProducts(env)
  const known = await createCatalogue(Date.now).find(env.ORDERS_DB, ids)
  return ids.filter((id) => !known.has(id))
}
