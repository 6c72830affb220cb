import { createMiddleware } from 'hono/factory'
import { SECOND_MS } from '../../kernel/instant.ts'
import { type Result, refusal, success } from '../../kernel/result.ts'

export const BODY_BYTES_MAX = 64 * 1024
/** A body of this size arrives sooner over any line. A slower sender keeps a request open at no cost to itself. */
export const BODY_MS_MAX = 10 * SECOND_MS

/** All bytes of a body, in time. Stops at the first byte too many, and never keeps more bytes than that. */
export const readBody = async (
  request: Request,
): Promise<Result<Uint8Array, 'payload_too_large' | 'request_timeout'>> => {
  if (request.body === null) return success(new Uint8Array())
  const reader = request.body.getReader()
  if (Number(request.headers.get('content-length') ?? 0) > BODY_BYTES_MAX) {
    await drain(reader)
    return refusal('payload_too_large')
  }
  const timer = timeOut(BODY_MS_MAX)
  const chunks: Uint8Array[] = []
  try {
    for (let bytes = 0; ; ) {
      const read = await Promise.race([reader.read(), timer.promise])
      if (read === 'late') return refusal('request_timeout')
      if (read.done) return success(joined(chunks, bytes))
      bytes += read.value.byteLength
      if (bytes > BODY_BYTES_MAX) {
        await drain(reader)
        return refusal('payload_too_large')
      }
      chunks.push(read.value)
    }
  } finally {
    timer.clear()
    reader.cancel().catch(() => undefined)
  }
}

const joined = (chunks: readonly Uint8Array[], length: number): Uint8Array => {
  const [first] = chunks
  if (first?.byteLength === length) return first
  const all = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.byteLength
  }
  return all
}

/**
 * A body that is neither read nor cancelled delays the response until all of it has come, which may be never. A body that
 * is cancelled while it comes closes the connection, often before the response is sent. So it is drained for a moment
 * first (RFC 9112, 9.6).
 */
export const drainUnreadBody = createMiddleware(async (c, next) => {
  const { body } = c.req.raw
  await next()
  if (body !== null && !body.locked) await drain(body.getReader())
})

/** An unwanted body is drained up to these limits. Then the connection is given up. */
const DRAINED_BYTES_MAX = 8 * 1024 * 1024
const DRAIN_MS_MAX = SECOND_MS

const drain = async (reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> => {
  const timer = timeOut(DRAIN_MS_MAX)
  try {
    for (let bytes = 0; bytes <= DRAINED_BYTES_MAX; ) {
      const read = await Promise.race([reader.read(), timer.promise])
      if (read === 'late' || read.done) return
      bytes += read.value.byteLength
    }
  } catch {
    // The sender is gone.
  } finally {
    timer.clear()
    reader.cancel().catch(() => undefined)
  }
}

const timeOut = (ms: number) => {
  const { promise, resolve } = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => resolve('late'), ms)
  return { promise, clear: () => clearTimeout(timer) }
}
