import { DurableObject } from 'cloudflare:workers'
import type { BankCall, SimulatedBankObject } from './bank.ts'
import { eventsIn, groupedBy, type OrderEvent, type PaymentReport, send } from './events.ts'
import type { WithFeatures } from './features.ts'
import { begin, type Payment, paymentOf, record } from './payment-steps.ts'
import { createRows, type Rows } from './rows.ts'

export { SimulatedBankObject } from './bank.ts'

type PaymentEnv = WithFeatures & {
  PAYMENTS: DurableObjectNamespace<PaymentObject>
  BANK: DurableObjectNamespace<SimulatedBankObject>
  PAYMENTS_DB: D1Database
  ORDER_INBOX: Queue
}

type Answer = { call: BankCall; isDone: boolean }
type Recorded = { next: BankCall | undefined; payment: Payment }

/** All payments. A call to the bank is stored before it is made. */
export class PaymentObject extends DurableObject<PaymentEnv> {
  readonly #rows: Rows<Payment>

  constructor(ctx: DurableObjectState, env: PaymentEnv) {
    super(ctx, env)
    this.#rows = createRows<Payment>(ctx, env.FEATURES, {
      idOf: ({ orderId }) => orderId,
      isDone: ({ status }) => status !== 'begun' && status !== 'PaymentAuthorized',
      writeList: (payments) => writePaymentList(env.PAYMENTS_DB, payments),
    })
  }

  async begin(events: readonly OrderEvent[]) {
    const known = this.#rows.getAll(events.map(({ orderId }) => orderId))
    const begun = events.map((event) => {
      const payment = known.get(event.orderId) ?? paymentOf(event)
      known.set(event.orderId, payment)
      return { call: begin(payment, event), payment }
    })
    await this.#rows.put(begun.filter(({ call }) => call !== undefined).map(({ payment }) => payment))
    return begun
  }

  async record(answers: readonly Answer[]): Promise<Recorded[]> {
    const known = this.#rows.getAll(answers.map(({ call }) => call.orderId))
    const recorded = answers.flatMap(({ call, isDone }) => {
      const payment = known.get(call.orderId)
      return payment === undefined ? [] : { next: record(payment, call, isDone), payment }
    })
    await this.#rows.put(recorded.map(({ payment }) => payment))
    return recorded
  }

  override async alarm(): Promise<void> {
    await this.#rows.list()
  }
}

const writePaymentList = async (database: D1Database, payments: readonly Payment[]): Promise<void> => {
  await database
    .prepare(
      `INSERT INTO payments (order_id, created_at, status, amount, token)
      SELECT value ->> 'orderId', unixepoch(), value ->> 'status', value ->> 'amount', value ->> 'token'
      FROM json_each(?) WHERE true
      ON CONFLICT (order_id) DO UPDATE SET status = excluded.status`,
    )
    .bind(JSON.stringify(payments))
    .run()
}

/** Partitions: three calls for all payments of a batch. */
const payTogether = async (events: readonly OrderEvent[], env: PaymentEnv): Promise<Payment[]> => {
  const payments = env.PAYMENTS.getByName('payments')
  const begun = await payments.begin(events)
  const latest = new Map(begun.map(({ payment }) => [payment.orderId, payment]))
  let calls = begun.flatMap(({ call }) => call ?? [])
  while (calls.length > 0) {
    const done = await env.BANK.getByName('bank').perform(calls)
    const answers = calls.map((call, index) => ({ call, isDone: done[index] === true }))
    const recorded = await payments.record(answers)
    for (const { payment } of recorded) latest.set(payment.orderId, payment)
    calls = recorded.flatMap(({ next }) => next ?? [])
  }
  return [...latest.values()]
}

/** Each payment by itself, stored in D1 with each change: what a service with a database does. */
const payEach = async (event: OrderEvent, env: PaymentEnv): Promise<Payment> => {
  const payment = (await readPayment(event.orderId, env.PAYMENTS_DB)) ?? paymentOf(event)
  let call = begin(payment, event)
  if (call?.operation === 'authorize') await writePaymentList(env.PAYMENTS_DB, [payment])
  while (call !== undefined) {
    const [isDone] = await env.BANK.getByName('bank').perform([call])
    call = record(payment, call, isDone === true)
    await writePaymentList(env.PAYMENTS_DB, [payment])
  }
  return payment
}

const readPayment = async (orderId: string, database: D1Database): Promise<Payment | undefined> => {
  const { results } = await database
    .prepare('SELECT order_id AS orderId, status, amount, token FROM payments WHERE order_id = ?')
    .bind(orderId)
    .all<Payment>()
  return results[0]
}

/** The events of one order one after the other, those of different orders at the same time. */
const payInDatabase = async (events: readonly OrderEvent[], env: PaymentEnv): Promise<Payment[]> => {
  const paid = groupedBy(events, ({ orderId }) => orderId).map(async ([, its]) => {
    let payment: Payment | undefined
    for (const event of its) payment = await payEach(event, env)
    return payment ?? []
  })
  return (await Promise.all(paid)).flat()
}

/** A payment that was begun and that its order no longer wants was never authorized. */
const reportOf = ({ orderId, status }: Payment): PaymentReport => ({
  ...{ orderId, type: status === 'begun' ? 'PaymentVoided' : status },
})

export default {
  /** No client reaches this Worker. */
  fetch: async () => new Response(null, { status: 404 }),

  /** The payment inbox: events of orders. */
  queue: async (batch, env) => {
    const events = eventsIn<OrderEvent>(batch)
    const pay = env.FEATURES.lists === 'in the path' ? payInDatabase : payTogether
    const payments = await pay(events, env)
    await send(env.ORDER_INBOX, payments.map(reportOf), env.FEATURES)
  },
} satisfies ExportedHandler<PaymentEnv>
