import { z } from 'zod'
import { orderSchema } from '../../src/contracts/http/orders.ts'
import { paymentSchema, simulatedBooksSchema } from '../../src/contracts/http/payments.ts'
import type { Client } from './client.ts'
import type { AcceptedRefund, Ledger, Order, Placed } from './ledger.ts'

const eventsSchema = z.object({
  events: z.array(z.looseObject({ id: z.string(), type: z.string(), time: z.string() })),
})

/** All that a client can read about one order. `undefined` where the API responded 404. */
export type Evidence = {
  /** The order as the response to its placing showed it. */
  accepted: Order
  request: unknown
  token: string | undefined
  cancellations: readonly number[]
  refunds: readonly AcceptedRefund[]
  order: Order | undefined
  events: z.infer<typeof eventsSchema>['events']
  payment: z.infer<typeof paymentSchema> | undefined
  bank: z.infer<typeof simulatedBooksSchema> | undefined
}

const TRIES_MAX = 5

export const gatherEvidence = async (
  client: Client,
  ledger: Ledger,
  { entry, order }: Placed,
): Promise<Evidence> => {
  const { orderId } = order
  const read = <Schema extends z.ZodType>(path: string, schema: Schema) => readAs(client, path, schema)
  const [current, events, payment, bank] = await Promise.all([
    read(`/orders/${orderId}`, orderSchema),
    read(`/orders/${orderId}/events`, eventsSchema),
    read(`/payments/${orderId}`, paymentSchema),
    read(`/simulator/payments/${orderId}`, simulatedBooksSchema),
  ])
  return {
    accepted: order,
    request: entry.intent.request.body,
    token: entry.intent.token,
    cancellations: ledger.cancellations(orderId),
    refunds: ledger.refunds(orderId),
    order: current,
    events: events?.events ?? [],
    payment,
    bank,
  }
}

/** `undefined` where the address is a 404. */
export const readAs = async <Schema extends z.ZodType>(
  client: Client,
  path: string,
  schema: Schema,
): Promise<z.infer<Schema> | undefined> => {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const response = await client.send({ method: 'GET', path })
    if (response?.status === 200) return schema.parse(response.body)
    if (response?.status === 404) return undefined
  }
  throw new Error(`GET ${path} got no usable response in ${TRIES_MAX} tries`)
}
