import { z } from 'zod'
import type { KeyedRequest } from '../../src/cloudflare/http/idempotency-key.ts'
import type { ExternalOrder, Located } from '../../src/contracts/external-order.ts'
import type { Gateway } from '../../src/contracts/gateways.ts'
import type { Fault } from '../../src/contracts/http/problem.ts'
import { jsonPointer } from '../../src/contracts/json-pointer.ts'
import { type Result, refusal, success } from '../../src/kernel/result.ts'
import type { KeyStep, Recalled } from '../../src/messaging/idempotency.ts'
import { readStored, storedType, toStored } from '../../src/messaging/stored-document.ts'
import { chargeable } from '../../src/order/chargeable.ts'
import type { ExternalPlaceRequest, ExternalRefusal } from '../../src/order/partition/external-placement.ts'
import type { TokenHasher } from '../../src/order/payment-token.ts'
import { type Product, priceOrder } from '../../src/order/pricing.ts'
import { isSameContent } from '../../src/order/same-order.ts'
import { type FaultyEvents, problemOf } from './external-order-faults.ts'
import type { OrderPartitions } from './order-partitions.ts'
import type { InTurn } from './variables.ts'

/** The orders of external events, as they came. */
export type Publication = {
  events: readonly Located<ExternalOrder>[]
  client: string
  /** `sent` is the caller's trace. Where the caller sent none, an event's own trace comes before `own`. */
  trace: { sent: string | undefined; own: string }
  request: KeyedRequest | undefined
}

type Ports = {
  /** The bank that will charge the orders. */
  gateway: Gateway
  partitions: OrderPartitions
  findProducts(productIds: readonly string[]): Promise<ReadonlyMap<string, Product>>
  /** Calls a partition in turn, where several clients call the same partitions. */
  inTurn?: InTurn
  hashToken: TokenHasher | undefined
}

type Refusal = FaultyEvents | { code: 'idempotency_key_reused' | 'request_in_progress' }

export type Published = Result<{ accepted: string[]; isReplay: boolean }, Refusal>

/**
 * Places external orders, each in the partition that its id leads to. All are checked before any is placed. A crash in
 * between leaves some placed, and the caller without a response. A repeated request completes the work: an order that was
 * placed before is the same order. The key is claimed before any order is placed, so that no other body can follow.
 */
export const publishOrders = async (publication: Publication, ports: Ports): Promise<Published> => {
  const { events, request } = publication
  const key = keyOf(ports.partitions, request)
  const recalled = await key.recall()
  if (recalled.kind !== 'new') return repeated(recalled)
  const orders = withoutRepeats(events)
  if (!orders.ok) return orders
  const products = await ports.findProducts(orders.value.flatMap(({ value }) => productIdsOf(value)))
  const requests = await Promise.all(
    orders.value.map(({ value }) => priced(value, publication, { ...ports, products })),
  )
  const refused = (refusals: readonly ExternalRefusal[]) =>
    refusal(problemOf(refusals, orders.value, products))
  const refusals = await inEachPartition(ports, requests, 'refuseExternal')
  if (refusals.length > 0) return refused(refusals)
  const claimed = await key.step('claim')
  if (claimed.kind !== 'new') return repeated(claimed)
  const lateRefusals = await inEachPartition(ports, requests, 'placeExternal')
  if (lateRefusals.length > 0) {
    await key.step('release')
    return refused(lateRefusals)
  }
  const accepted = orders.value.map(({ value }) => value.orderId)
  await key.step({ status: 202, body: toStored(ACCEPTED_ORDERS, accepted), subject: '' })
  return success({ accepted, isReplay: false })
}

/** The request's key, in the partition that it leads to. Without a key every request is new. */
const keyOf = (partitions: OrderPartitions, request: KeyedRequest | undefined) => {
  const step = async (step: KeyStep): Promise<Recalled> => {
    if (request === undefined) return { kind: 'new' }
    const { requestKey, fingerprint, key } = request
    return await partitions.at(partitions.labelOfKey(key)).stepOfKey({ requestKey, fingerprint }, step)
  }
  const recall = async (): Promise<Recalled> => {
    if (request === undefined) return { kind: 'new' }
    const { requestKey, fingerprint, key } = request
    for (const label of partitions.earlierLabels(key, partitions.labelOfKey(key))) {
      const earlier = await partitions.at(label).stepOfKey({ requestKey, fingerprint }, 'fence')
      if (earlier.kind === 'replay' || earlier.kind === 'reused') return earlier
    }
    return await step('recall')
  }
  return { step, recall }
}

/** The ids of the orders that one request brought. */
export const ACCEPTED_ORDERS = storedType('list of accepted orders', z.array(z.string()))

const repeated = (recalled: Exclude<Recalled, { kind: 'new' }>): Published => {
  if (recalled.kind === 'reused') return refusal({ code: 'idempotency_key_reused' })
  if (recalled.kind === 'fenced' || recalled.kind === 'moved') return refusal({ code: 'request_in_progress' })
  return success({ accepted: readStored(ACCEPTED_ORDERS, recalled.answer.body ?? '[]'), isReplay: true })
}

/** The same order twice in a batch is one order. */
const withoutRepeats = (
  events: Publication['events'],
): Result<Located<ExternalOrder>[], { code: 'order_id_taken'; errors: Fault[] }> => {
  const first = new Map<string, Located<ExternalOrder>>()
  const errors: Fault[] = []
  for (const event of events) {
    const known = first.get(event.value.orderId) ?? event
    first.set(event.value.orderId, known)
    if (isSameContent(known.value, event.value)) continue
    const other = jsonPointer([...known.at, 'orderId'])
    errors.push({
      path: jsonPointer([...event.at, 'orderId']),
      message: `stands for another order at ${other}`,
    })
  }
  return errors.length > 0 ? refusal({ code: 'order_id_taken', errors }) : success([...first.values()])
}

const productIdsOf = ({ items }: ExternalOrder): string[] => items.map((item) => item.productId)

const priced = async (
  asked: ExternalOrder,
  { client, trace }: Publication,
  { gateway, partitions, products, hashToken }: Ports & { products: ReadonlyMap<string, Product> },
): Promise<ExternalPlaceRequest> => {
  const { orderId: externalId, items, isCurrencyImplied, paymentToken, customerId, eventId } = asked
  const uniqueId = await partitions.uniqueId({ client, externalId })
  const tokenHashes = (paymentToken && (await hashToken?.(client, externalId, paymentToken))) || []
  const [paymentTokenHash] = tokenHashes
  const price = chargeable(gateway, priceOrder(items, products, asked), paymentToken)
  if (!price.ok) return { asked, client, placement: price, uniqueId, tokenHashes }
  const placement = {
    ...{
      orderId: uniqueId,
      externalId,
      client,
      traceparent: trace.sent ?? asked.traceparent ?? trace.own,
      ...price.value,
    },
    ...(isCurrencyImplied && { isCurrencyImplied }),
    ...(paymentToken !== undefined && { paymentToken }),
    ...(paymentTokenHash !== undefined && { paymentTokenHash }),
    ...(customerId !== undefined && { customerId }),
    ...(eventId !== undefined && { causationId: eventId }),
  }
  return { asked, client, placement: success(placement), uniqueId, tokenHashes }
}

/** The refusals of all partitions, each for the orders whose ids lead to it. */
const inEachPartition = async (
  { partitions, inTurn = atOnce }: Ports,
  requests: readonly ExternalPlaceRequest[],
  call: 'refuseExternal' | 'placeExternal',
): Promise<ExternalRefusal[]> => {
  const groups = Map.groupBy(requests, ({ asked }) => partitions.labelOf(asked.orderId) ?? '')
  const refusals = await Promise.all(
    Array.from(groups, ([label, group]) =>
      inTurn(label, COST[call](group.length), async () => await partitions.at(label)[call](group)),
    ),
  )
  return refusals.flat()
}

/** Checking ten orders takes about as long as storing one. */
const COST = {
  refuseExternal: (orders: number) => Math.ceil(orders / 10),
  placeExternal: (orders: number) => orders,
}

const atOnce: InTurn = (_label, _cost, call) => call()
