import { retryAfterSeconds } from '../messaging/back-off.ts'
import { type Incoming, readMessage } from './incoming-message.ts'
import { batchBody, messageBatches } from './message-batches.ts'
import { type BrokerMessage, type BrokerSource, type Rejection, type Sink, Stop } from './ports.ts'
import type { BridgePorts } from './run-bridge.ts'

/** The response of `POST /events`. `code`, `title` and `detail` are those of the problem, where it is one. */
export type EventsResponse = {
  status: number
  code?: string | undefined
  detail?: string | undefined
  retryAfterSeconds?: number | undefined
}

export type OrderPorts = Pick<BridgePorts, 'signal' | 'pause' | 'chance' | 'onFailure'> & {
  /** Throws where no response came: the orders may be placed or not. */
  postEvents(body: string): Promise<EventsResponse>
  reject: BrokerSource['reject']
  onRejected(why: Rejection): void
}

type Event = Extract<Incoming, { kind: 'event' }>

/**
 * Places the orders that messages bring. A batch that is refused is halved until each bad message is alone; that one is
 * rejected, and the others are placed. To place an order twice does no harm: the same client's same id is the same order.
 */
export const orderSink = (ports: OrderPorts): Sink<BrokerMessage> => ({
  deliver: async (messages) => {
    const read = messages.map(readMessage)
    for (const each of read) {
      if (each.kind === 'unreadable') await reject(ports, each.message, each.why)
    }
    const events = read.filter((each) => each.kind === 'event')
    for (const batch of messageBatches(events)) await place(ports, batch)
  },
  close: async () => undefined,
})

const place = async (ports: OrderPorts, batch: readonly Event[]): Promise<void> => {
  const response = await respondedTo(ports, batchBody(batch))
  if (response.status === ACCEPTED) return
  if (!REFUSED.has(response.status)) throw stopFor(response)
  const [event] = batch
  if (event !== undefined && batch.length === 1) return reject(ports, event.message, whyOf(response))
  const middle = Math.ceil(batch.length / 2)
  await place(ports, batch.slice(0, middle))
  await place(ports, batch.slice(middle))
}

const ACCEPTED = 202
/** Something in the batch is wrong: its JSON, an id that is taken, its size, or its content. */
const REFUSED: ReadonlySet<number> = new Set([400, 409, 413, 422])
const TOO_MANY_REQUESTS = 429

const reject = async (ports: OrderPorts, message: BrokerMessage, why: Rejection): Promise<void> => {
  await ports.reject(message, why)
  ports.onRejected(why)
}

const whyOf = ({ status, code, detail }: EventsResponse): Rejection => ({
  code: code ?? `http_${status}`,
  detail: (detail ?? 'The response gives no reason.').slice(0, DETAIL_LENGTH_MAX),
})

/** Brokers bound the headers of a message. */
const DETAIL_LENGTH_MAX = 1_000

/**
 * The first response that decides. While the system is busy or away, the same batch is sent again: what of the page was
 * placed before is not sent anew.
 */
const respondedTo = async (ports: OrderPorts, body: string): Promise<EventsResponse> => {
  for (let attempts = 1; ; attempts += 1) {
    const response = await ports.postEvents(body).catch((error: unknown) => ({ error }))
    if ('status' in response && !isPassing(response.status)) return response
    const backOff = retryAfterSeconds(attempts, ports.chance)
    const asked = 'status' in response ? (response.retryAfterSeconds ?? 0) : 0
    const seconds = Math.max(backOff, Math.min(asked, ASKED_SECONDS_MAX))
    const error = 'error' in response ? response.error : new Error(saidBy(response))
    ports.onFailure({ error, retryAfterSeconds: seconds })
    await ports.pause(seconds)
    if (ports.signal.aborted) throw new Error('The bridge ends before the page is placed.')
  }
}

/** Beyond this a bridge asks again anyway: an operator may have raised the limit meanwhile. */
const ASKED_SECONDS_MAX = 60

const isPassing = (status: number): boolean => status === TOO_MANY_REQUESTS || status >= 500

const saidBy = ({ status, code, detail }: EventsResponse): string =>
  `POST /events: ${[status, code, detail].filter((part) => part !== undefined).join(' ')}`

const stopFor = (response: EventsResponse): Stop =>
  new Stop(saidBy(response), ADVICE[response.status] ?? LOOK)

const ADVICE: Partial<Record<number, string>> = {
  401: 'Give a valid key of the same client in EDGE_ORDERS_KEY. A key of another client would place the same orders again.',
  403: 'Give EDGE_ORDERS_KEY the scope events:write, with a key of the same client.',
  404: 'Check EDGE_ORDERS_URL: this address does not take events.',
}

const LOOK =
  'Check EDGE_ORDERS_URL, and what stands between the bridge and the system. Nothing was committed.'
