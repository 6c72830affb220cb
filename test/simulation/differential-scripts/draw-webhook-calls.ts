import type { Caller } from '../../../src/contracts/caller.ts'
import { createEvent } from '../../../src/contracts/events.ts'
import { WEBHOOK_TYPES } from '../../../src/contracts/webhook-types.ts'
import { ATTEMPT, QUEUED } from '../../support/differential/placeholders.ts'
import type { Random } from '../platform/random.ts'

type Call = { method: string; args: readonly unknown[] }
type Draw = (seed: number, random: Random) => Call | undefined

const SHOP: Caller = { client: 'shop', scopes: ['orders:read', 'payments:read'], keyId: 'key_1' }
const OPERATOR: Caller = { client: 'admin', scopes: ['operations'], keyId: 'key_2' }

/** Registered at the start. The calls that follow name them. */
const WEBHOOKS = ['wh_1', 'wh_2', 'wh_3'] as const
const REVISIONS_MAX = 8

/** The first two webhooks are the shop's, the third one gets the events of all clients. */
export const openingWithWebhooks = (): Call[] => [
  register('wh_1', { caller: SHOP, types: ['OrderConfirmed', 'PaymentRefunded'] }),
  register('wh_2', { caller: SHOP, types: ['OrderConfirmed', 'OrderCancelled'] }),
  register('wh_3', { caller: OPERATOR, types: WEBHOOK_TYPES }),
]

/** What clients, the order service, the queue of deliveries and the addresses may do, in any order. */
export const drawForWebhooks: Draw = (seed, random) => random.pick(DRAWS)(seed, random)

const register = (webhookId: string, wanted: { caller: Caller; types: readonly string[] }): Call => {
  const about = { webhookId, secret: 'whsec_c2VjcmV0', url: `https://shop.example/${webhookId}` }
  return { method: 'register', args: [{ ...about, ...wanted, request: undefined }] }
}

const aWebhook = (random: Random) => random.pick(WEBHOOKS)
const aCaller = (random: Random): Caller => random.pick([SHOP, SHOP, OPERATOR])

const aRequest = (what: string, random: Random) => {
  const key = random.below(3)
  if (key === 0) return undefined
  return { requestKey: `${what}-${key}`, fingerprint: random.pick(['this', 'this', 'that']), client: 'shop' }
}

/** Ids of later webhooks are never used again, as those of the Worker are not. */
const registerAnother: Draw = (_seed, random) => {
  const webhookId = `wh_4_${random.below(1_000_000)}`
  const types = random.pick([['OrderConfirmed'], ['OrderSettled', 'OrderRejected']])
  const { method, args } = register(webhookId, { caller: SHOP, types })
  const [wanted] = args as [object]
  return { method, args: [{ ...wanted, request: aRequest('register', random) }] }
}

const change: Draw = (_seed, random) => {
  const caller = aCaller(random)
  const changes = random.pick([
    { status: 'enabled' },
    { status: 'enabled' },
    { status: 'disabled' },
    { url: 'https://shop.example/moved' },
    { types: ['OrderConfirmed', 'OrderSettled'] },
  ])
  return { method: 'change', args: [{ webhookId: aWebhook(random), caller, ...changes }] }
}

const rotate: Draw = (_seed, random) => {
  const wanted = { webhookId: aWebhook(random), caller: aCaller(random), secret: 'whsec_bmV3' }
  const overlapMs = random.pick([0, 60_000])
  return { method: 'rotate', args: [{ ...wanted, overlapMs, request: aRequest('rotate', random) }] }
}

const remove: Draw = (_seed, random) => ({ method: 'remove', args: [aWebhook(random), aCaller(random)] })

const disableOfKeys: Draw = (_seed, random) => ({
  method: 'ofKeys',
  args: [{ keyIds: ['key_1'], client: 'shop', disable: random.chance() < 0.3 }],
})

const test: Draw = (seed, random) => {
  const deliveryId = `msg_test_${seed}_${random.below(1_000_000)}`
  const wanted = { webhookId: aWebhook(random), deliveryId, caller: aCaller(random) }
  return { method: 'test', args: [{ ...wanted, request: aRequest('test', random) }] }
}

const resend: Draw = (_seed, random) => ({
  method: 'resend',
  args: [{ [ATTEMPT]: random.below(6), caller: OPERATOR, request: aRequest('resend', random) }],
})

const acknowledge: Draw = (_seed, random) => ({
  method: 'note',
  args: [[`webhooks/WebhooksChanged/${random.between(1, REVISIONS_MAX)}`]],
})

const accept: Draw = (seed, random) => ({
  method: 'accept',
  args: [Array.from({ length: random.between(1, 4) }, () => factFor(seed, random))],
})

const begin: Draw = () => ({ method: 'begin', args: [QUEUED] })

const record: Draw = (_seed, random) => {
  const outcome = random.pick([
    { status: 204 },
    { status: 204 },
    { status: 500 },
    { status: 503, retryAfterMs: 600_000 },
    { status: 410 },
    { error: 'No answer within 15 s.' },
    { error: 'The address could not be looked up.', isOurFault: true },
  ])
  const wantsNext = random.chance() < 0.5
  return { method: 'record', args: [{ [ATTEMPT]: random.below(6), outcome, wantsNext }] }
}

const look: Draw = (_seed, random) => {
  const webhookId = aWebhook(random)
  const caller = aCaller(random)
  return random.pick<Call>([
    { method: 'webhooks', args: [caller, '', 10] },
    { method: 'webhook', args: [webhookId, caller] },
    { method: 'deliveries', args: [webhookId, caller, { before: undefined, limit: 20 }] },
    { method: 'answer', args: [webhookId, aRequest('register', random)] },
    { method: 'remind', args: [] },
    { method: 'rouse', args: [] },
  ])
}

const restart: Draw = () => undefined

const DRAWS: readonly [Draw, ...Draw[]] = [
  ...([registerAnother, change, change, rotate, remove, disableOfKeys, test, resend] as const),
  ...[acknowledge, acknowledge, accept, accept, accept, accept],
  ...[begin, begin, begin, begin, record, record, record, record, record, record, record, record],
  ...[look, look, restart, restart],
]

const factFor = (seed: number, random: Random) => {
  const orderId = `ord_0_${String(seed * 100 + random.below(20)).padStart(26, '0')}`
  const client = random.pick(['shop', 'shop', 'another'])
  const facts = { subject: orderId, at: 1, revision: random.between(1, 9), owner: { client } }
  const items = [{ productId: 'P001', quantity: 1, unitPrice: 50, amount: 50 }]
  const order = { orderId, items, totalAmount: 50, currency: 'USD' }
  const type = random.pick(['OrderConfirmed', 'OrderConfirmed', 'OrderCancelled', 'StockDepleted'] as const)
  if (type === 'OrderConfirmed') return createEvent({ ...facts, type, data: order })
  if (type === 'OrderCancelled') {
    const reason = { code: 'cancelled_by_client' as const, detail: '' }
    return createEvent({ ...facts, type, data: { ...order, reason } })
  }
  const productId = `P${random.between(1, 9)}`
  const data = { productId, available: 0 }
  return createEvent({
    type,
    subject: productId,
    occurrence: String(facts.revision),
    at: 1,
    revision: 1,
    data,
  })
}
