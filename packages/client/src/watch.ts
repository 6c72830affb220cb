import { createParser } from 'eventsource-parser'
import type { Environment } from './environment.ts'
import type { components } from './schema.ts'

export type OrderEvent = components['schemas']['Event']

/** The server sends something every 15 seconds. After this silence the connection is dead, even if it looks open. */
const SILENCE_MS_MAX = 45_000
/** The pause before the next connection, unless the server sets one. */
const RETRY_MS = 2_000

type Source = {
  /** The stream after this event; undefined if no more events will come. */
  connect(after: string | undefined): Promise<ReadableStream<Uint8Array> | undefined>
  signal: AbortSignal | undefined
}

/** The events of an order as they happen, each once, until the order is settled. Connects again as often as needed. */
export async function* watchEvents(
  { connect, signal }: Source,
  environment: Pick<Environment, 'after' | 'sleep'>,
  after?: string,
): AsyncGenerator<OrderEvent, void> {
  const session: Session = { seen: after, retryMs: RETRY_MS, isSettled: false }
  while (!session.isSettled) {
    const stream = await connect(session.seen)
    if (stream === undefined) return
    yield* eventsOf(stream, session, { ...environment, signal })
    if (!session.isSettled) await environment.sleep(session.retryMs, signal)
  }
}

/** What the next connection needs from the last one. */
type Session = { seen: string | undefined; retryMs: number; isSettled: boolean }

type Connection = Pick<Environment, 'after'> & { signal: AbortSignal | undefined }

/** A broken connection counts as an ended one: the next connection goes on after the last event. */
async function* eventsOf(
  stream: ReadableStream<Uint8Array>,
  session: Session,
  { after, signal }: Connection,
): AsyncGenerator<OrderEvent, void> {
  const reader = stream.getReader()
  const parse = eventParser(session)
  let isSettledLast = false
  try {
    for (;;) {
      const { done, value } = await withinSilence(reader, after)
      if (done) break
      for (const event of parse(value)) {
        session.seen = event.id
        isSettledLast = event.type === 'OrderSettled'
        yield event
      }
    }
    session.isSettled = isSettledLast
  } catch (error) {
    if (signal?.aborted) throw error
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

const eventParser = (session: Session): ((chunk: Uint8Array) => OrderEvent[]) => {
  const complete: OrderEvent[] = []
  const decoder = new TextDecoder()
  const parser = createParser({
    onEvent: ({ data }) => complete.push(JSON.parse(data)),
    onRetry: (ms) => {
      session.retryMs = ms
    },
  })
  return (chunk) => {
    parser.feed(decoder.decode(chunk, { stream: true }))
    return complete.splice(0)
  }
}

const withinSilence = (
  reader: ReadableStreamDefaultReader<Uint8Array>,
  after: Environment['after'],
): Promise<ReadableStreamReadResult<Uint8Array>> =>
  new Promise((resolve, reject) => {
    const cancel = after(SILENCE_MS_MAX, () => reject(new Error(`no data in ${SILENCE_MS_MAX} ms`)))
    reader.read().then(resolve, reject).finally(cancel)
  })
