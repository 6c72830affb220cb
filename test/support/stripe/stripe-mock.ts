import { type Instant, MINUTE_MS, SECOND_MS } from '../../../src/kernel/instant.ts'
import { DESCRIBED_VERSION, operationOf, parseForm } from './description.ts'
import { NEEDS_CUSTOMER, NEEDS_CUSTOMER_ALL_THE_SAME } from './tokens.ts'

/** What happens to the next call of an operation. */
export type StripeFault =
  /** Stripe responds 500, and again for ever under this key. */
  | 'sticky error'
  /** The same, but the call had its effect. */
  | 'sticky error, but done'
  /** A gateway before Stripe responds 503. Nothing is stored under the key. */
  | 'passing error'
  | 'no connection'
  /** The call had its effect, and the response is lost. */
  | 'lost response'
  /** Another call under the same key is still under way. */
  | 'key in use'
  | 'rate limit'
  | 'wrong key'
  /** Stripe refuses the call for good, and stores that under the key. */
  | 'refusal'

type Charge = {
  id: string
  status: 'succeeded' | 'failed'
  isCaptured: boolean
  amountCaptured: number
}

type Intent = {
  id: string
  status: string
  amount: number
  amountReceived: number
  currency: string
  created: number
  canceledAt: number | null
  cancellationReason: string | null
  metadata: Record<string, string>
  failure: Failure | null
  charge: Charge | null
}

type Refund = {
  id: string
  intent: string
  amount: number
  currency: string
  created: number
  status: string
  metadata: Record<string, string>
}

/** What Stripe would post because an object has changed. */
export type StripeNews = { id: string; type: string; orderId: string }

type Failure = { type: string; code: string; decline_code?: string; message: string; param?: string }

type Response_ = { status: number; body: unknown }

const KEY_LIFE_MS = 24 * 60 * MINUTE_MS

const declined = (code: string, declineCode?: string): Failure => ({
  type: 'card_error',
  code,
  ...(declineCode !== undefined && { decline_code: declineCode }),
  message: `Your card was declined (${declineCode ?? code}).`,
})

/** Stripe's test payment methods (docs.stripe.com/testing) that are used here. */
const DECLINES: Readonly<Record<string, Failure>> = {
  pm_card_chargeDeclined: declined('card_declined', 'generic_decline'),
  pm_card_chargeDeclinedInsufficientFunds: declined('card_declined', 'insufficient_funds'),
  pm_card_chargeDeclinedLostCard: declined('card_declined', 'lost_card'),
  pm_card_chargeDeclinedExpiredCard: declined('expired_card'),
  pm_card_chargeDeclinedIncorrectCvc: declined('incorrect_cvc'),
  pm_card_chargeDeclinedProcessingError: declined('processing_error'),
}

const CARDS = ['pm_card_visa', NEEDS_CUSTOMER, NEEDS_CUSTOMER_ALL_THE_SAME]

class Refused extends Error {
  readonly response: Response_

  constructor(status: number, error: object) {
    super('refused')
    this.response = { status, body: { error } }
  }
}

/**
 * Stripe as its description and its documentation say it is: intents in their states, idempotency keys for a day, errors
 * that stay under a key. It refuses each call, and each response of its own, that the description does not allow.
 */
export class StripeMock {
  readonly #intents = new Map<string, Intent>()
  readonly #refunds: Refund[] = []
  readonly #keys = new Map<string, { call: string; at: Instant; response: Response_ }>()
  readonly #history: { at: Instant; intents: Map<string, Intent>; refunds: Refund[] }[] = []
  readonly #faults: { fault: StripeFault; operation: string | undefined }[] = []
  readonly #checked = new Map<string, number>()
  /** What was wrong with a call: for a test, which has to fail then. */
  readonly violations: string[] = []
  /** What Stripe would have posted so far. The reader takes it out. */
  readonly news: StripeNews[] = []
  #now: Instant
  #lagMs = 0
  #made = 0

  constructor(now: Instant) {
    this.#now = now
  }

  pass(ms: number): void {
    this.#now += ms
  }

  /** From now on objects and lists are shown as they were so long ago. */
  lag(ms: number): void {
    this.#lagMs = ms
  }

  /** The next call of the operation, or of any, meets this fault. */
  next(fault: StripeFault, operation?: string): void {
    this.#faults.push({ fault, operation })
  }

  withoutFaults(): void {
    this.#faults.length = 0
    this.#lagMs = 0
  }

  /** How many requests and responses of each operation were checked against the description. */
  checked(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#checked].toSorted())
  }

  intents(): readonly Readonly<Intent>[] {
    return [...this.#intents.values()]
  }

  /** The money of all intents, or of those of one order, in Stripe's unit. */
  balance(orderId?: string) {
    const own = this.intents().filter(
      ({ metadata }) => orderId === undefined || metadata['order_id'] === orderId,
    )
    const charged = own.filter(({ charge }) => charge?.status === 'succeeded')
    const held = charged.filter(({ status }) => status === 'requires_capture')
    const made = this.#refunds.filter(
      ({ status, intent }) => status !== 'failed' && own.some(({ id }) => id === intent),
    )
    return {
      authorizations: charged.length,
      captures: charged.filter(({ charge }) => charge?.isCaptured).length,
      held: held.reduce((sum, { amount }) => sum + amount, 0),
      captured: charged.reduce((sum, { charge }) => sum + (charge?.amountCaptured ?? 0), 0),
      refunded: made.reduce((sum, { amount }) => sum + amount, 0),
      refunds: made.length,
    }
  }

  /** Stripe cancels by itself what was not captured in time: all intents, or those of one order. */
  lapse(orderId?: string): void {
    for (const intent of this.#intents.values()) {
      const isMeant = orderId === undefined || intent.metadata['order_id'] === orderId
      if (intent.status !== 'requires_capture' || !isMeant) continue
      this.#change(() => Object.assign(intent, { ...this.#canceled(), cancellationReason: 'automatic' }))
      this.#announce('payment_intent.canceled', intent)
    }
  }

  /** The customer of an order confirms the payment, where Stripe still waits for that. */
  confirmByCustomer(orderId: string): void {
    for (const intent of this.#intents.values()) {
      if (intent.status !== 'requires_action' || intent.metadata['order_id'] !== orderId) continue
      this.#change(() => this.#authorize(intent))
    }
  }

  /** Refunds that were taken fail at the customer's bank, as Stripe learns days later. */
  failRefunds(): void {
    this.#change(() => {
      for (const refund of this.#refunds) refund.status = 'failed'
    })
  }

  /** For the `stripe` package, instead of the network. */
  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(String(input))
    const method = init?.method ?? 'GET'
    const headers = new Headers(init?.headers)
    const { status, body } = this.respond(method, url, headers, String(init?.body ?? ''))
    return Response.json(body, { status, headers: { 'request-id': `req_${this.#made}` } })
  }

  /** Throws a `TypeError` where no response comes, as `fetch` does. */
  respond(method: string, url: URL, headers: Headers, text: string): Response_ {
    const operation = operationOf(method, url.pathname)
    if (operation === undefined) return this.#violated(`${method} ${url.pathname} is not in the description`)
    const { operationId, params } = operation
    const request = { query: parseForm(url.search.slice(1)), body: parseForm(text) }
    const faults = [...operation.faultsOf(request), ...faultsOfHeaders(method, headers)]
    if (faults.length > 0) return this.#violated(`${operationId}: ${faults.join('; ')}`)
    const fault = this.#takeFault(operationId)
    const refusal = REFUSALS[fault ?? '']
    if (refusal !== undefined) return refusal
    if (fault === 'no connection') throw new TypeError('fetch failed')
    const run = () => this.#carryOut(operationId, { params, ...request })
    const key = method === 'POST' ? (headers.get('idempotency-key') ?? '') : undefined
    const response = key === undefined ? run() : this.#underKey(key, `${url.pathname} ${text}`, fault, run)
    const wrong = operation.faultsOfResponse(response.status, response.body)
    if (wrong.length > 0) return this.#violated(`the response of ${operationId}: ${wrong.join('; ')}`)
    this.#checked.set(operationId, (this.#checked.get(operationId) ?? 0) + 1)
    if (fault === 'lost response') throw new TypeError('fetch failed')
    return response
  }

  #violated(violation: string): Response_ {
    this.violations.push(violation)
    return { status: 400, body: { error: { type: 'invalid_request_error', message: violation } } }
  }

  #takeFault(operationId: string): StripeFault | undefined {
    const index = this.#faults.findIndex(
      ({ operation }) => operation === undefined || operation === operationId,
    )
    return index === -1 ? undefined : this.#faults.splice(index, 1)[0]?.fault
  }

  /** The first response stays under its key for a day, also an error. Errors of parameters and states are stored too. */
  #underKey(key: string, call: string, fault: StripeFault | undefined, run: () => Response_): Response_ {
    const known = this.#keys.get(key)
    if (known !== undefined && this.#now - known.at < KEY_LIFE_MS) {
      if (known.call === call) return known.response
      const message = `The key ${key} was used for another call.`
      this.violations.push(message)
      return { status: 400, body: { error: { type: 'idempotency_error', message } } }
    }
    const error = { status: 500, body: { error: { type: 'api_error', message: 'An error occurred.' } } }
    const instead = fault === 'sticky error' ? error : undefined
    const response = fault === 'refusal' ? REFUSED : (instead ?? run())
    const shown = fault === 'sticky error, but done' ? error : response
    this.#keys.set(key, { call, at: this.#now, response: shown })
    return shown
  }

  #carryOut(operationId: string, { params, query, body }: Asked): Response_ {
    try {
      return { status: 200, body: this.#operations(params, query, body)[operationId]?.() }
    } catch (error) {
      if (error instanceof Refused) return error.response
      throw error
    }
  }

  #operations(params: Record<string, string>, query: Fields, body: Fields): Record<string, () => unknown> {
    const intent = () => this.#intentOf(params['intent'] ?? '')
    return {
      PostPaymentIntents: () => this.#create(body),
      PostPaymentIntentsIntentConfirm: () => this.#confirm(intent(), body),
      PostPaymentIntentsIntentCapture: () => this.#capture(intent(), body),
      PostPaymentIntentsIntentCancel: () => this.#cancel(intent()),
      GetPaymentIntentsIntent: () => viewIntent(this.#shown().intents.get(intent().id) ?? intent(), true),
      GetPaymentIntents: () => this.#page('/v1/payment_intents', this.#listed(query), query),
      PostRefunds: () => this.#refund(body),
      GetRefunds: () =>
        this.#page(
          '/v1/refunds',
          this.#shown()
            .refunds.filter(
              (each) => query['payment_intent'] === undefined || each.intent === query['payment_intent'],
            )
            .toReversed()
            .map(viewRefund),
          query,
        ),
    }
  }

  #listed({ created }: Fields) {
    const { gte = 0, lt = Number.POSITIVE_INFINITY } = (created ?? {}) as { gte?: number; lt?: number }
    return [...this.#shown().intents.values()]
      .filter((each) => each.created >= gte && each.created < lt)
      .toReversed()
      .map((each) => this.#viewWithRefunds(each))
  }

  /** The expanded charge says how much of it was refunded. */
  #viewWithRefunds(intent: Intent) {
    const view = viewIntent(intent, true)
    const refunded = this.#shown()
      .refunds.filter((each) => each.intent === intent.id && each.status !== 'failed')
      .reduce((sum, { amount }) => sum + amount, 0)
    const { latest_charge: charge } = view
    return typeof charge === 'string' || charge === null
      ? view
      : { ...view, latest_charge: { ...charge, amount_refunded: refunded } }
  }

  #page(url: string, all: readonly { id: string }[], { limit = 10, starting_after: after }: Fields) {
    const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1
    const data = all.slice(from, from + Number(limit))
    return { object: 'list', url, data, has_more: from + data.length < all.length }
  }

  /** As they were before the lag. */
  #shown() {
    const until = this.#now - this.#lagMs
    return (
      this.#history.findLast(({ at }) => at <= until) ?? { intents: new Map<string, Intent>(), refunds: [] }
    )
  }

  #change<Value>(change: () => Value): Value {
    const value = change()
    this.#history.push({
      at: this.#now,
      intents: new Map(Array.from(this.#intents, ([id, intent]) => [id, { ...intent }])),
      refunds: this.#refunds.map((refund) => ({ ...refund })),
    })
    return value
  }

  #announce(type: string, { metadata }: Pick<Intent, 'metadata'>): void {
    this.news.push({ id: this.#id('evt'), type, orderId: metadata['order_id'] ?? '' })
  }

  #intentOf(id: string): Intent {
    const found = this.#intents.get(id)
    if (found !== undefined) return found
    const message = `No such payment_intent: '${id}'`
    throw new Refused(404, {
      type: 'invalid_request_error',
      code: 'resource_missing',
      param: 'intent',
      message,
    })
  }

  #id(prefix: string): string {
    this.#made += 1
    return `${prefix}_mock_${this.#made}`
  }

  #seconds(): number {
    return Math.floor(this.#now / SECOND_MS)
  }

  #canceled() {
    return { status: 'canceled', canceledAt: this.#seconds(), cancellationReason: null }
  }

  #create(body: Fields): unknown {
    const intent: Intent = {
      id: this.#id('pi'),
      status: 'requires_payment_method',
      amount: Number(body['amount']),
      amountReceived: 0,
      currency: String(body['currency']),
      created: this.#seconds(),
      canceledAt: null,
      cancellationReason: null,
      metadata: { ...(body['metadata'] as Record<string, string>) },
      failure: null,
      charge: null,
    }
    return this.#change(() => {
      this.#intents.set(intent.id, intent)
      return viewIntent(intent, false)
    })
  }

  #confirm(intent: Intent, body: Fields): unknown {
    requireState(intent, ['requires_payment_method', 'requires_confirmation', 'requires_action'])
    const card = String(body['payment_method'])
    if (!CARDS.includes(card) && !Object.hasOwn(DECLINES, card)) {
      const message = `No such PaymentMethod: '${card}'`
      const error = {
        type: 'invalid_request_error',
        code: 'resource_missing',
        param: 'payment_method',
        message,
      }
      throw new Refused(400, error)
    }
    const failure = card === NEEDS_CUSTOMER ? declined('authentication_required') : DECLINES[card]
    if (failure !== undefined) {
      this.#change(() => Object.assign(intent, { status: 'requires_payment_method', failure }))
      throw new Refused(402, { ...failure, payment_intent: viewIntent(intent, false) })
    }
    return this.#change(() => {
      if (card === NEEDS_CUSTOMER_ALL_THE_SAME) intent.status = 'requires_action'
      else this.#authorize(intent)
      return viewIntent(intent, true)
    })
  }

  #authorize(intent: Intent): void {
    const charge: Charge = { id: this.#id('ch'), status: 'succeeded', isCaptured: false, amountCaptured: 0 }
    Object.assign(intent, { status: 'requires_capture', failure: null, charge })
    this.#announce('payment_intent.amount_capturable_updated', intent)
  }

  #capture(intent: Intent, body: Fields): unknown {
    requireState(intent, ['requires_capture'])
    const amount = Number(body['amount_to_capture'] ?? intent.amount)
    if (amount > intent.amount) throw tooLarge('amount_to_capture')
    this.#announce('payment_intent.succeeded', intent)
    return this.#change(() => {
      const charge = intent.charge && { ...intent.charge, isCaptured: true, amountCaptured: amount }
      const metadata = { ...intent.metadata, ...(body['metadata'] as Record<string, string>) }
      return viewIntent(
        Object.assign(intent, { status: 'succeeded', amountReceived: amount, charge, metadata }),
        false,
      )
    })
  }

  #cancel(intent: Intent): unknown {
    requireState(intent, [
      'requires_payment_method',
      'requires_confirmation',
      'requires_action',
      'requires_capture',
    ])
    this.#announce('payment_intent.canceled', intent)
    return this.#change(() => viewIntent(Object.assign(intent, this.#canceled()), false))
  }

  #refund(body: Fields): unknown {
    const intent = this.#intentOf(String(body['payment_intent']))
    requireState(intent, ['succeeded'])
    const made = this.#refunds.filter((each) => each.intent === intent.id && each.status !== 'failed')
    const left = intent.amountReceived - made.reduce((sum, each) => sum + each.amount, 0)
    const amount = Number(body['amount'] ?? left)
    if (left === 0) {
      const message = 'Charge has already been refunded.'
      throw new Refused(400, { type: 'invalid_request_error', code: 'charge_already_refunded', message })
    }
    if (amount > left) throw tooLarge('amount')
    const refund: Refund = {
      id: this.#id('re'),
      intent: intent.id,
      amount,
      currency: intent.currency,
      created: this.#seconds(),
      status: 'succeeded',
      metadata: { ...(body['metadata'] as Record<string, string>) },
    }
    this.#announce('charge.refund.updated', intent)
    return this.#change(() => {
      this.#refunds.push(refund)
      return viewRefund(refund)
    })
  }
}

type Fields = Record<string, unknown>
type Asked = { params: Record<string, string>; query: Fields; body: Fields }

const refusal = (status: number, error: object): Response_ => ({ status, body: { error } })

/** Faults before Stripe begins: nothing is stored under the key. */
const REFUSALS: Readonly<Record<string, Response_>> = {
  'passing error': refusal(503, { type: 'api_error', message: 'Try again.' }),
  'key in use': refusal(409, {
    type: 'invalid_request_error',
    code: 'idempotency_key_in_use',
    message: 'Wait.',
  }),
  'rate limit': refusal(429, {
    type: 'invalid_request_error',
    code: 'rate_limit',
    message: 'Too many requests.',
  }),
  'wrong key': refusal(401, { type: 'invalid_request_error', message: 'Invalid API Key provided.' }),
}

const REFUSED = refusal(400, {
  type: 'invalid_request_error',
  code: 'charge_disputed',
  message: 'This payment cannot be changed any more.',
})

const faultsOfHeaders = (method: string, headers: Headers): string[] => {
  const key = headers.get('idempotency-key') ?? ''
  return [
    ...(headers.get('stripe-version') === DESCRIBED_VERSION
      ? []
      : ['the API version is not the described one']),
    ...(headers.get('authorization')?.startsWith('Bearer sk_test_') ? [] : ['the secret key is missing']),
    ...(method === 'POST' && (key === '' || key.length > 255)
      ? ['the idempotency key is missing or too long']
      : []),
  ]
}

const requireState = (intent: Intent, states: readonly string[]): void => {
  if (states.includes(intent.status)) return
  throw new Refused(400, {
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message: `This PaymentIntent has a status of ${intent.status}.`,
    payment_intent: viewIntent(intent, false),
  })
}

const tooLarge = (param: string) =>
  new Refused(400, { type: 'invalid_request_error', code: 'amount_too_large', param, message: 'Too large.' })

const viewIntent = (intent: Intent, isExpanded: boolean) => ({
  id: intent.id,
  object: 'payment_intent',
  amount: intent.amount,
  amount_received: intent.amountReceived,
  currency: intent.currency,
  created: intent.created,
  canceled_at: intent.canceledAt,
  cancellation_reason: intent.cancellationReason,
  capture_method: 'manual',
  confirmation_method: 'automatic',
  livemode: false,
  metadata: { ...intent.metadata },
  payment_method_types: ['card'],
  status: intent.status,
  last_payment_error: intent.failure,
  latest_charge:
    intent.charge === null || !isExpanded ? (intent.charge?.id ?? null) : viewCharge(intent, intent.charge),
})

const viewCharge = (intent: Intent, charge: Charge) => ({
  id: charge.id,
  object: 'charge',
  amount: intent.amount,
  amount_captured: charge.amountCaptured,
  amount_refunded: 0,
  billing_details: {},
  captured: charge.isCaptured,
  created: intent.created,
  currency: intent.currency,
  disputed: false,
  livemode: false,
  metadata: {},
  paid: true,
  refunded: false,
  status: charge.status,
})

const viewRefund = (refund: Refund) => ({
  id: refund.id,
  object: 'refund',
  amount: refund.amount,
  created: refund.created,
  currency: refund.currency,
  metadata: refund.metadata,
  payment_intent: refund.intent,
  status: refund.status,
})
