import { type Client, type components, type Order, orThrow } from '../../packages/client/src/index.ts'
import { type Arguments, limitIn, oneOf, onlyOne, required } from './arguments.ts'
import { type Command, noteOfNone, readAll } from './command.ts'
import { traceOf } from './order-trace.ts'
import { recall } from './recall.ts'

type Story = components['schemas']['OrderStory']

const STATUSES = ['pending', 'confirmed', 'rejected', 'cancelled'] as const

export const ORDER_COMMANDS: Record<string, Command> = {
  'orders list': async (api, given) => {
    const filter = filterOf(given)
    const response = await readAll(
      (page) => api.GET('/orders', { params: { query: { ...filter, ...page } } }),
      limitIn(given.limit),
    )
    const rows = response.map(rowOf)
    return { rows, ...noteOfNone(rows), response }
  },

  'orders get': async (api, { ids }) => {
    const response = await orThrow(readStory(api, onlyOne(ids)))
    return { rows: rowsOfStory(response), response }
  },

  'orders watch': async (api, { ids }) => {
    const orderId = onlyOne(ids)
    for await (const { time, type, source } of api.watchOrder(orderId))
      console.error(`${time}  ${type}  ${source}`)
    const response = await api.readOrder(orderId)
    return { rows: [rowOf(response)], response }
  },

  'orders trace': (api, { ids }) => traceOf(api, onlyOne(ids)),

  'orders pause': async (api, given) => {
    const body = { ...productOf(given), reason: required(given.reason, '--reason') }
    const response = await orThrow(api.POST('/pauses', { body }))
    const note = 'New orders get 503 `orders_paused` within two seconds. Accepted orders go on.'
    return { rows: [rowOfPause(response)], note, response }
  },

  'orders resume': async (api, given) => {
    const { reason } = given
    const body = { ...productOf(given), ...(reason !== undefined && { reason }) }
    const response = await orThrow(api.POST('/pauses/lift', { body }))
    const { productId = 'All orders', wasPaused } = response
    const rows = [[`${productId}: ${wasPaused ? 'new orders are taken again' : 'there was no such pause'}.`]]
    return { rows, response }
  },

  'orders paused': async (api) => {
    const response = await readAll((query) => api.GET('/pauses', { params: { query } }))
    const rows = response.map(rowOfPause)
    return { rows, ...noteOfNone(rows), response }
  },

  'orders cancel': async (api, given) => {
    if (given.product !== undefined) return recall(api, given)
    const { ids, reason } = given
    const params = { path: { orderId: onlyOne(ids) } }
    const body = reason === undefined ? {} : { reason }
    const response = await orThrow(api.POST('/orders/{orderId}/cancel', { params, body }))
    const note = 'Its stock is released, and its money given back, within seconds: `orders get` shows it.'
    return { rows: [[`${response.orderId} is ${response.status}.`]], note, response }
  },
}

const productOf = ({ product }: Arguments) => (product === undefined ? {} : { productId: product })

const rowOfPause = ({ productId = 'all orders', reason, client, at }: components['schemas']['Pause']) => [
  ...[productId, `paused since ${at}`, client, reason],
]

const readStory = (api: Client, orderId: string) =>
  api.GET('/orders/{orderId}/story', { params: { path: { orderId } } })

const filterOf = ({ status, product, customer, reference, after, before, stuck, unsettled }: Arguments) => ({
  ...(status !== undefined && { status: oneOf(STATUSES, status, '--status') }),
  ...(customer !== undefined && { customerId: customer }),
  ...(reference !== undefined && { reference }),
  ...(product !== undefined && { productId: product }),
  ...(after !== undefined && { placedAfter: after }),
  ...(before !== undefined && { placedBefore: before }),
  ...(stuck && { stuck: 'true' as const }),
  ...(unsettled && { settled: 'false' as const }),
})

const rowOf = ({ orderId, placedAt, status, settledAt, inventory, payment, ...order }: Order): string[] => [
  ...[orderId, placedAt, status, settledAt === undefined ? 'unsettled' : 'settled'],
  `stock ${inventory.status}`,
  `payment ${payment.status}`,
  `${order.totalAmount} ${order.currency}`,
]

/** The parts of a story, a line for each thing in it. */
const rowsOfStory = ({ order, events, payment, bank, stock, unread, ...story }: Story): string[][] => [
  ['order', ...rowOf(order)],
  ...order.items.map(({ productId, quantity, amount }) => [
    'item',
    productId,
    `×${quantity}`,
    String(amount),
  ]),
  ...events.map(({ time, type, source }) => ['event', time, type, source]),
  ...(payment === undefined
    ? []
    : [
        [
          'payment',
          payment.status,
          `captured ${payment.capturedAmount}`,
          `refunded ${payment.refundedAmount}`,
        ],
      ]),
  ...(bank ?? []).map(({ type, amount, outcome, at = '' }) => ['bank', at, type, outcome, String(amount)]),
  ...(stock?.reservations ?? []).map(({ status, items }) => [
    ...['stock', status],
    items.map(({ productId, quantity }) => `${productId} ×${quantity}`).join(', '),
  ]),
  ...(story.deliveries ?? []).map(({ webhookId, type, status }) => ['delivery', webhookId, type, status]),
  ...(story.deadLetters ?? []).map(({ id, queue, reason, status }) => [
    'dead letter',
    id,
    queue,
    reason,
    status,
  ]),
  ...(story.audit ?? []).map(({ at, client, action, reason = '' }) => ['audit', at, client, action, reason]),
  ...unread.map(({ part, code, detail }) => ['not shown', part, code, detail]),
]
