import { type ClientRequest, get, type IncomingMessage } from 'node:http'
import { inParallel } from '../support/parallel.ts'

const OPENERS = 50
/** After this time the client gives up a connection that hangs. */
const OPEN_WITHIN_MS = 30_000

export type Followed = { orderId: string; readToken: string }

type Seen = { opened: number; failed: number; ended: number; delayed: number }

/** Live streams that are held open, as so many browsers would. They come from a hundred addresses of this machine. */
export const openStreams = async (url: string, orders: readonly Followed[], count: number) => {
  const held = new Set<ClientRequest>()
  const seen: Seen = { opened: 0, failed: 0, ended: 0, delayed: 0 }
  await inParallel(Array.from({ length: count }).keys(), OPENERS, async (index) => {
    const order = orders[index % orders.length]
    if (order === undefined) return
    const path = `${url}/orders/${order.orderId}/events?token=${order.readToken}`
    await openOne({ path, localAddress: `127.0.0.${1 + (index % 100)}`, held, seen })
  })
  const summary = () =>
    `${held.size} held; ${seen.opened} were opened, ${seen.failed} refused, ${seen.ended} ended, ${seen.delayed} of them with a longer retry`
  const close = () => {
    for (const request of held) request.destroy()
  }
  return { summary, close }
}

type Opening = { path: string; localAddress: string; held: Set<ClientRequest>; seen: Seen }

const openOne = ({ path, localAddress, held, seen }: Opening): Promise<void> =>
  new Promise((resolve) => {
    const request = get(path, { agent: false, localAddress, headers: { accept: 'text/event-stream' } })
    const giveUp = setTimeout(() => request.destroy(), OPEN_WITHIN_MS)
    request.once('response', (response) => {
      clearTimeout(giveUp)
      if (response.statusCode === 200) {
        seen.opened += 1
        held.add(request)
        countDelays(response, seen)
      } else request.destroy()
      resolve()
    })
    request.on('error', () => resolve())
    request.once('close', () => {
      clearTimeout(giveUp)
      if (held.delete(request)) seen.ended += 1
      else seen.failed += 1
      resolve()
    })
  })

/** The system ends a stream that must make room with a `retry` longer than the two seconds of its start. */
const countDelays = (response: IncomingMessage, seen: Seen): void => {
  response.setEncoding('utf8')
  response.on('error', () => {})
  response.on('data', (text: string) => {
    if (/^retry: [1-9]\d{4}/m.test(text)) seen.delayed += 1
  })
}
