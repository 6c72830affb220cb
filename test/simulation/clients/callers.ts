import type { Caller } from '../../../src/contracts/caller.ts'
import type { Subscriber } from '../../../src/contracts/topology.ts'
import { canonicalJson } from '../../../src/kernel/canonical-json.ts'
import { MINUTE_MS, toTimestamp } from '../../../src/kernel/instant.ts'
import type { IdempotentRequest } from '../../../src/messaging/idempotency.ts'
import type { ExternalId } from '../../../src/order/external-id.ts'
import type { OrderView } from '../../../src/order/order-view.ts'
import { priceOrder } from '../../../src/order/pricing.ts'
import { closeLetter, selectLetters } from '../../../workers/operations/dead-letters/letter-table.ts'
import { type Catalogue, createCatalogue } from '../../../workers/order/catalogue.ts'
import type { OrderPartitions } from '../../../workers/order/order-partitions.ts'
import type { Fault } from '../platform/fault-plan.ts'
import { createInvocation, type Outlet, type Platform } from '../platform/platform.ts'
import type { System } from '../system/system.ts'
import type { Action, Item, Workload } from '../workload.ts'
import { createPublishing, rivalryOf } from './external-orders.ts'
import { type EnabledWebhook, listen, type Registering } from './webhook-client.ts'

const SHOP = 'shop'
/** Gives its orders ids that the shop gives to its own. */
const NEIGHBOUR = 'neighbour'
const CALLER: Caller = { client: SHOP, scopes: ['operations'] }
/** Each customer places one order, under a key, as often as it takes: the strictest bounds refuse none of them. */
const BOUNDS = { customer: { orders: 1, units: 1 }, failures: 1 }
/** A caller that got no answer asks again under its key, until it has one. */
const TRIES_MAX = 40
const TRY_AGAIN_MS_MAX = 30_000
/** Keys are remembered for a day at least, by clocks that may be an hour wrong each. No caller repeats one later. */
const KEY_REPEATED_MS_MAX = 22 * 60 * MINUTE_MS
/** In the place of a key: what may be done any number of times needs none. */
const IDEMPOTENT = 'idempotent'

/** What takes messages away that a queue had accepted. */
const LOSING: readonly Fault[] = ['queueForgets', 'restart', 'sendDropped']

/** An answer that a caller got, and to what. */
export type ReceivedResponse =
  | {
      kind: 'order'
      tag: string
      order: number
      orderId: string
      key: string | undefined
      waitedMs: number
    }
  | { kind: 'cancellation'; orderId: string; status: number }
  | { kind: 'no cancellation'; orderId: string }
  | { kind: 'refund'; tag: string; orderId: string; refundId: string }
  | { kind: 'adjustment'; tag: string; productId: string; key: string | undefined }
  | { kind: 'refused as reused'; tag: string; key: string }

/** Everybody outside: what they asked and what they were told. */
export class Callers {
  readonly responses: ReceivedResponse[] = []
  /** Orders that somebody asked for. */
  readonly asked = new Set<number>()
  readonly orderIds = new Map<number, string>()
  readonly externalIds = new Set<string>()
  /** Orders that somebody asked to cancel or to refund. */
  readonly changed = new Set<string>()
  /** What foreign producers sent that nobody can read. */
  readonly unreadable: { consumer: Subscriber; event: unknown }[] = []
  /** What somebody had read of letters, by id, when they were discarded. */
  readonly discarded = new Map<string, string[]>()
  /** When each order was first asked for, and from when on which webhooks hear of all of them: both are counted. */
  readonly askedAt = new Map<string, number>()
  listened: readonly EnabledWebhook[] = []
  #moments = 0
  #isListening = false
  readonly #orderOf = new Map<string, number>()
  /** What the orders of events are called by their clients, by their unique ids. */
  readonly #names = new Map<string, ExternalId | undefined>()
  readonly #answers = new Map<string, string>()
  readonly #firstTried = new Map<string, number>()
  readonly #publishing = new Map<string, ReturnType<typeof createPublishing>>()
  readonly #platform: Platform
  readonly #system: System
  readonly #workload: Workload
  readonly #catalogue: Catalogue

  constructor(platform: Platform, system: () => System, workload: Workload) {
    this.#platform = platform
    this.#workload = workload
    this.#catalogue = createCatalogue(() => platform.scheduler.now)
    this.#system = new Proxy({} as System, { get: (_target, name) => Reflect.get(system(), name) })
  }

  orderOf(orderId: string): number | undefined {
    return this.#orderOf.get(orderId)
  }

  /** Puts an action and its repetitions on the heap. */
  schedule(action: Action, index: number): void {
    const act = this.#actOf(action, index)
    const repeatsMs = 'repeatsMs' in action ? action.repeatsMs : []
    for (const [nth, ms] of [0, ...repeatsMs].entries()) this.#begin(action.atMs + ms, `${index}.${nth}`, act)
    if (action.kind !== 'place') return
    const { rival, neighbour, order } = action
    if (rival !== undefined)
      this.#begin(action.atMs + rival.afterMs, `${index}.rival`, (outlet) =>
        this.#placeOrPublish(action, rival.items, `rival-${order}`, outlet),
      )
    if (neighbour !== undefined)
      this.#begin(action.atMs + neighbour.afterMs, `${index}.neighbour`, (outlet) =>
        this.#placeOrPublish(action, neighbour.items, `${NEIGHBOUR}-${order}`, outlet),
      )
  }

  #begin(atMs: number, name: string, act: (outlet: Outlet) => Promise<void>): void {
    const outlet = createInvocation(this.#platform, `caller ${name}`)
    this.#platform.scheduler.after(atMs, outlet.actor, () => void act(outlet))
  }

  #actOf(action: Action, index: number): (outlet: Outlet) => Promise<void> {
    switch (action.kind) {
      case 'place':
        return (outlet) => this.#placeOrPublish(action, action.items, `order-${action.order}`, outlet)
      case 'cancel':
        return (outlet) => this.#cancel(action, outlet)
      case 'refund':
        return (outlet) => this.#refund(action, `refund-${index}`, outlet)
      case 'adjust':
        return (outlet) => this.#adjust(action, `adjustment-${index}`, outlet)
      case 'change product':
        return (outlet) => this.#changeProduct(action, outlet)
      case 'external event':
        return async () => this.sendExternal(action)
      case 'discard letters':
        return (outlet) => this.#discardLetters(outlet)
      case 'register webhook':
        return (outlet) => this.#listen(action, outlet)
    }
  }

  /** A foreign producer sends at least once; the last time when all is well again. */
  sendExternal(action: Action & { kind: 'external event' }): void {
    const { inboxes } = this.#system
    const external = externalEvent(action, toTimestamp(this.#platform.scheduler.now))
    if (external.orderId !== undefined) this.externalIds.add(external.orderId)
    else
      this.unreadable.push(...external.to.map((consumer) => ({ consumer, event: [external.body].flat()[0] })))
    for (const to of external.to) inboxes[to].receive(external.body)
  }

  /** What nobody can read is sent again only where a message may have been lost: once is enough to be kept. */
  sendExternalAgain(action: Action & { kind: 'external event' }): void {
    const isReadable = externalEvent(action, '').orderId !== undefined
    if (isReadable || this.#platform.faults.haveStruck(LOSING)) this.sendExternal(action)
  }

  #placeOrPublish(
    action: Action & { kind: 'place' },
    items: readonly Item[],
    tag: string,
    outlet: Outlet,
  ): Promise<void> {
    this.asked.add(action.order)
    this.#moments += 1
    if (!this.askedAt.has(tag)) this.askedAt.set(tag, this.#moments)
    return action.isExternal
      ? this.#publish(action, items, tag, outlet)
      : this.#place(action, items, tag, outlet)
  }

  async #publish(
    action: Action & { kind: 'place' },
    items: readonly Item[],
    tag: string,
    outlet: Outlet,
  ): Promise<void> {
    const { order } = action
    const askedAt = this.#platform.scheduler.now
    const client = tag.startsWith(NEIGHBOUR) ? NEIGHBOUR : SHOP
    const { ids: externalIds, key } = rivalryOf(action, client === NEIGHBOUR ? `order-${order}` : tag)
    const { orders } = this.#system.partitionsFor(outlet)
    const names = externalIds.map((externalId) => ({ client, externalId }))
    const ids = await Promise.all(names.map(orders.uniqueId))
    for (const [nth, id] of ids.entries()) {
      this.#orderOf.set(id, order)
      this.#names.set(id, names[nth])
    }
    const token = this.#system.setup.bank === 'simulated' ? this.#workload.tokens[order] : 'pm_card_visa'
    const request = requestFor('POST /events', key, { items, tag }, client)
    const publish =
      this.#publishing.get(tag) ??
      createPublishing({ ids: externalIds, items, tag, token, key, request, client })
    this.#publishing.set(tag, publish)
    const answer = await this.#persist(outlet, IDEMPOTENT, () =>
      publish(this.#system, this.#catalogue, outlet),
    )
    if (answer === undefined) return
    if (!answer.ok) {
      this.#platform.trace(outlet.actor.name, () => `${tag} was refused: ${answer.reason.code}`)
      const isAlone = client === NEIGHBOUR || action.rival === undefined
      return this.#refused(answer.reason.code, { tag, key, isAlone })
    }
    this.#compare(request, answer.value.accepted)
    this.#platform.trace(outlet.actor.name, () => `published ${ids.join(' and ')}`)
    if (!this.orderIds.has(order) && client === SHOP) this.orderIds.set(order, ids[0] ?? '')
    for (const [nth, orderId] of ids.entries()) {
      const waitedMs = this.#platform.scheduler.now - askedAt
      this.responses.push({ kind: 'order', tag: `${tag}-${nth}`, order, orderId, key, waitedMs })
    }
  }

  /** A client is alone with its ids, unless it has a rival of its own. */
  #refused(code: string, { tag, key, isAlone }: { tag: string; key: string | undefined; isAlone: boolean }) {
    if (code === 'order_id_taken' && isAlone)
      this.#platform.violated('an id that one client uses is free for all others', `${tag} was refused`)
    if (code === 'idempotency_key_reused' && key !== undefined)
      this.responses.push({ kind: 'refused as reused', tag, key })
  }

  async #place(
    action: Action & { kind: 'place' },
    items: readonly Item[],
    tag: string,
    outlet: Outlet,
  ): Promise<void> {
    const { key, order } = action
    const askedAt = this.#platform.scheduler.now
    const request = requestFor('POST /orders', key, { items, tag })
    const token = this.#system.setup.bank === 'simulated' ? this.#workload.tokens[order] : 'pm_card_visa'
    const answer = await this.#persist(outlet, key, async () => {
      const database = this.#system.readModels.order.binding(outlet)
      const products = await this.#catalogue.find(
        database,
        items.map((item) => item.productId),
      )
      const priced = priceOrder(items, products, {})
      const { orders } = this.#system.partitionsFor(outlet)
      const { label, orderId } = orders.assign(key, outlet.actor.now())
      this.#orderOf.set(orderId, order)
      const placement = priced.ok
        ? {
            ok: true as const,
            value: {
              ...priced.value,
              orderId,
              client: SHOP,
              reference: tag,
              ...(key !== undefined && { customerId: `customer of ${tag}` }),
              ...(token !== undefined && { paymentToken: token }),
            },
          }
        : priced
      const placed = await orders.at(label).place({ request, placement, bounds: BOUNDS })
      if (!placed.ok && placed.reason.code === 'unknown_product') throw new Error(placed.reason.detail)
      return placed
    })
    if (answer === undefined) return
    if (!answer.ok) {
      if (answer.reason.code === 'idempotency_key_reused' && key !== undefined) {
        this.responses.push({ kind: 'refused as reused', tag, key })
      }
      if (answer.reason.code === 'too_many_open_orders') {
        this.#platform.violated('a customer with nothing else open is never refused', tag)
      }
      return
    }
    const view = answer.value.order as OrderView
    this.#compare(request, view)
    this.#platform.trace(
      outlet.actor.name,
      () => `placed ${view.orderId}${answer.value.isReplay ? ' (replay)' : ''}`,
    )
    if (!this.orderIds.has(order) || tag.startsWith('order')) this.orderIds.set(order, view.orderId)
    const waitedMs = this.#platform.scheduler.now - askedAt
    this.responses.push({ kind: 'order', tag, order, orderId: view.orderId, key, waitedMs })
  }

  async #cancel(action: Action & { kind: 'cancel' }, outlet: Outlet): Promise<void> {
    const orderId = this.orderIds.get(action.order)
    if (orderId === undefined) return
    const request = requestFor(`POST /orders/${orderId}/cancel`, action.key, null)
    const answer = await this.#persist(outlet, action.key, async () => {
      const { orders } = this.#system.partitionsFor(outlet)
      await this.#checkName(orderId, orders)
      this.changed.add(orderId)
      return await orders.of(orderId)?.cancel({
        orderId,
        caller: CALLER,
        request,
        detail: 'Changed my mind.',
        traceparent: undefined,
      })
    })
    if (answer === undefined) return
    this.#platform.trace(
      outlet.actor.name,
      () => `cancelled ${orderId}: ${answer.ok ? answer.value.status : answer.reason.code}`,
    )
    if (answer.ok) {
      this.#compare(request, { status: answer.value.status, order: answer.value.order })
      this.responses.push({ kind: 'cancellation', orderId, status: answer.value.status })
    } else if (answer.reason.code === 'order_not_cancellable') {
      this.responses.push({ kind: 'no cancellation', orderId })
    } else {
      this.#platform.violated('an order that was answered can be found', `${orderId}: ${answer.reason.code}`)
    }
  }

  async #refund(action: Action & { kind: 'refund' }, tag: string, outlet: Outlet): Promise<void> {
    const orderId = this.orderIds.get(action.order)
    if (orderId === undefined) return
    const { share } = action
    const request = requestFor(`POST /payments/${orderId}/refunds`, action.key, { share })
    const answer = await this.#persist(outlet, action.key, async () => {
      const partition = this.#system.partitionsFor(outlet).payments.of(orderId)
      const payment = await partition?.get(orderId, CALLER)
      if (payment === undefined) return undefined
      const amount =
        share === undefined ? undefined : Math.max(1, Math.round(payment.amount * 100 * share)) / 100
      this.changed.add(orderId)
      const refundId = `rf_${Math.floor(outlet.actor.chance() * 2 ** 32).toString(36)}`
      const asked = { orderId, refundId, caller: CALLER, amount, reason: tag, request }
      return await partition?.requestRefund(asked)
    })
    if (answer?.ok !== true) return
    const { refund } = answer.value
    this.#platform.trace(
      outlet.actor.name,
      () => `refunds ${refund.amount} of ${orderId} as ${refund.refundId}`,
    )
    this.#compare(request, refund)
    this.responses.push({ kind: 'refund', tag, orderId, refundId: refund.refundId })
  }

  async #adjust(action: Action & { kind: 'adjust' }, tag: string, outlet: Outlet): Promise<void> {
    const { productId, delta, key } = action
    const request = requestFor(`POST /inventory/${productId}/adjustments`, key, { delta })
    const answer = await this.#persist(outlet, key, async () => {
      const adjustmentId = `adj_${Math.floor(outlet.actor.chance() * 2 ** 32).toString(36)}`
      const partition = this.#system.partitionsFor(outlet).stock.of(productId)
      if ((await partition.product(productId)) === undefined) return undefined
      return await partition.adjust({ adjustmentId, productId, delta, reason: tag, request })
    })
    if (answer?.ok !== true) return
    this.#platform.trace(outlet.actor.name, () => `adjusted ${productId} by ${delta}`)
    this.#compare(request, answer.value.level)
    this.responses.push({ kind: 'adjustment', tag, productId, key })
  }

  async #changeProduct(action: Action & { kind: 'change product' }, outlet: Outlet): Promise<void> {
    const { productId, unitPriceMinor } = action
    const wanted = { productId, name: `Product ${productId}`, unitPriceMinor, currency: 'USD' }
    await this.#persist(outlet, IDEMPOTENT, async () => {
      const partition = this.#system.partitionsFor(outlet).stock.of(productId)
      if ((await partition.product(productId)) !== undefined) await partition.putProduct(wanted)
    })
  }

  #listen(action: Registering, outlet: Outlet): Promise<void> {
    const request = requestFor('POST /webhooks', action.key, action.types)
    return listen(action, {
      ...{ system: this.#system, outlet, request },
      persist: (attempt) => this.#persist(outlet, IDEMPOTENT, attempt),
      register: (attempt) => this.#persist(outlet, action.key, attempt),
      compare: (answer) => this.#compare(request, answer),
      isFirst: () => {
        const isFirst = !this.#isListening
        this.#isListening = true
        return isFirst
      },
      enabled: (webhookId, types) => {
        this.#platform.trace(outlet.actor.name, () => `sees ${webhookId} enabled`)
        this.#moments += 1
        this.listened = [...this.listened, { webhookId, types, after: this.#moments }]
      },
      disabling: (webhookId) => {
        this.listened = this.listened.filter((each) => each.webhookId !== webhookId)
      },
      place: (nth) => {
        const order = action.firstOrder + nth
        const { items } = action
        const about = {
          isExternal: false,
          key: `place-${order}`,
          repeatsMs: [],
          rival: undefined,
          neighbour: undefined,
          atMs: 0,
        }
        const placement = { kind: 'place', order, items, ...about } as const
        return this.#placeOrPublish(placement, items, `order-${order}`, outlet)
      },
    })
  }

  /** What its client calls an order leads to it, whoever else calls one of theirs the same. */
  async #checkName(orderId: string, orders: OrderPartitions): Promise<void> {
    const name = this.#names.get(orderId)
    if (name === undefined) return
    const found = await orders.find(name.externalId, name.client)
    if (found.orderId !== orderId || found.clients.join() !== name.client)
      this.#platform.violated(
        'an order that was answered can be found',
        `${name.externalId} of ${name.client} leads to ${found.orderId} of ${found.clients.join(' and ')}`,
      )
  }

  /** Puts away every letter as it is read then. */
  async #discardLetters(outlet: Outlet): Promise<void> {
    await this.#persist(outlet, IDEMPOTENT, async () => {
      const database = this.#system.readModels.operations.binding(outlet)
      const letters = await selectLetters(database, { limit: 100 })
      for (const { id, event, first_event } of letters) {
        const read = [event, first_event ?? event]
        this.discarded.set(id, [...(this.discarded.get(id) ?? []), ...read])
      }
      const deedOf = () => ({ client: 'operator', at: '', auditId: String(outlet.actor.chance()) })
      const done = letters.flatMap((letter) => closeLetter(database, letter, 'discarded', deedOf()))
      if (done.length > 0) await database.batch(done)
      this.#platform.trace(outlet.actor.name, () => `discarded ${letters.length} letters`)
    })
  }

  /** Without a key a caller that got no answer cannot know, and leaves it at that. */
  async #persist<Value>(
    outlet: Outlet,
    key: string | undefined,
    attempt: () => Promise<Value>,
  ): Promise<Value | undefined> {
    for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
      if (key !== undefined && key !== IDEMPOTENT && this.#mayBeForgotten(key)) return undefined
      try {
        return await attempt()
      } catch (error) {
        this.#platform.trace(outlet.actor.name, () => `got ${String(error)}`)
        if (key === undefined) return undefined
        const pauseMs = Math.floor(outlet.actor.chance() * Math.min(2 ** tries * 100, TRY_AGAIN_MS_MAX))
        await new Promise<void>((resolve) => {
          setTimeout(resolve, pauseMs)
        })
      }
    }
    return undefined
  }

  #mayBeForgotten(key: string): boolean {
    const { now } = this.#platform.scheduler
    const firstAt = this.#firstTried.get(key) ?? now
    this.#firstTried.set(key, firstAt)
    return now - firstAt > KEY_REPEATED_MS_MAX
  }

  /** Under one key, one answer. */
  #compare(request: IdempotentRequest | undefined, answer: unknown): void {
    if (request === undefined) return
    const text = canonicalJson([request.fingerprint, answer])
    const known = this.#answers.get(request.requestKey)
    if (known === undefined) this.#answers.set(request.requestKey, text)
    else if (known !== text) {
      this.#platform.violated(
        'the same key and body get the same answer, another body none',
        `${request.requestKey}: ${known}, then ${text}`,
      )
    }
  }
}

const requestFor = (
  path: string,
  key: string | undefined,
  body: unknown,
  client = SHOP,
): IdempotentRequest | undefined =>
  key === undefined ? undefined : { requestKey: `${client} ${path} ${key}`, fingerprint: canonicalJson(body) }

type ExternalEvent = { to: readonly ('order' | 'inventory' | 'payment')[]; body: unknown; orderId?: string }

const externalEvent = (
  { which, number, items, variant }: Action & { kind: 'external event' },
  timestamp: string,
): ExternalEvent => {
  // As the first of two orders that may be published under ids of a client's own: they are not the same order.
  const orderId = `web-${number}`
  const changes = variant === 'another source' ? { source: '/elsewhere/too' } : {}
  const envelope = (type: string, data: object, version = 1) => [
    {
      specversion: '1.0',
      id: `${orderId}/${type}`,
      ...{ source: '/elsewhere', ...changes },
      type,
      schemaversion: version,
      subject: orderId,
      time: timestamp,
      revision: 1,
      data: { ...data, ...(variant === 'other data' && { variant }) },
    },
  ]
  const both = ['inventory', 'payment'] as const
  const payment = { token: 'pm_sim_letter' }
  const leg = { orderId, amount: 1, capturedAmount: 0, refundedAmount: 0, currency: 'USD' }
  switch (which) {
    case 'OrderPlaced version 1':
      return {
        to: both,
        orderId,
        body: { eventType: 'OrderPlaced', orderId, items, totalAmount: 12.5, timestamp },
      }
    case 'OrderPlaced version 2':
      return {
        to: both,
        orderId,
        body: envelope('OrderPlaced', { orderId, items, totalAmount: 12.5, currency: 'USD' }, 2),
      }
    case 'StockReserved':
      return { to: ['order'], orderId, body: envelope('StockReserved', { orderId, lines: items }) }
    case 'PaymentAuthorized':
      return { to: ['order'], orderId, body: envelope('PaymentAuthorized', leg) }
    case 'unknown type':
      return { to: ['order', 'inventory', 'payment'], body: envelope('OrderShipped', { payment }) }
    case 'newer version':
      return { to: both, body: envelope('OrderPlaced', { payment }, 99) }
    case 'broken':
      return {
        to: ['order', 'inventory', 'payment'],
        body: { hello: 'world', ...(variant !== undefined && { variant }) },
      }
  }
}
