import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { SECOND_MS } from '../../kernel/instant.ts'
import { type Result, refusal, success } from '../../kernel/result.ts'
import { problem } from './problem.ts'

const BODY_BYTES_MAX = 64 * 1024
/** So much arrives in less over any line; whoever takes longer holds a request open, and pays nothing for it. */
const BODY_MS_MAX = 10 * SECOND_MS

/** Our deepest body has five levels. What follows a value into its depth would run out of stack long before 64 KiB. */
const NESTING_MAX = 100

/** Of the methods of our API, those whose body is read. Nobody reads that of another. */
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH'])

export const hasBody = (method: string): boolean => WITH_BODY.has(method)

/**
 * For routes with a body: it comes whole and in time, says that it is one of these media types, and is JSON. What is
 * in it is for the route to check. No body is an empty object: what lacks then is told field by field.
 */
export const requireJson = (mediaTypes: readonly string[]) =>
  createMiddleware(async (c, next) => {
    if (!hasBody(c.req.method)) return await next()
    const read = await readBody(c.req.raw)
    if (!read.ok) return problem(c, read.reason, { detail: REFUSED[read.reason] })
    const text = read.value
    const type = text === '' ? mediaTypes[0] : essence(c.req.header('content-type'))
    if (type === undefined || !mediaTypes.includes(type)) {
      return problem(c, 'unsupported_media_type', { detail: `Send the body as ${mediaTypes.join(' or ')}.` })
    }
    const fault = faultOf(text || '{}')
    if (fault !== undefined) return problem(c, 'malformed_json', { detail: fault })
    replaceBody(c, text || '{}', type)
    return await next()
  })

const faultOf = (text: string): string | undefined => {
  try {
    return isTooDeep(JSON.parse(text)) ? `The body is nested deeper than ${NESTING_MAX} levels.` : undefined
  } catch (error) {
    return placeOf(error)
  }
}

/** Level by level, so that no depth can exhaust the stack. */
const isTooDeep = (value: unknown): boolean => {
  const isNested = (each: unknown): each is object => typeof each === 'object' && each !== null
  let level = [value].filter(isNested)
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === NESTING_MAX) return true
    level = level.flatMap((each) => Object.values(each)).filter(isNested)
  }
  return false
}

/** Where it stops being JSON, as far as the parser says it. What it quotes may be a payment token. */
const placeOf = (error: unknown): string => {
  const place = /line \d+ column \d+/.exec(String(error))?.[0]
  return place === undefined ? 'The body cannot be read as JSON.' : `The body stops being JSON at ${place}.`
}

/**
 * A body that nobody reads or gives up holds the answer back until all of it has come, which may be never. Given up
 * while it comes, it takes the connection with it, and often the answer: so it is waited for a little (RFC 9112, 9.6).
 */
export const letUnreadBodyPass = createMiddleware(async (c, next) => {
  const { body } = c.req.raw
  await next()
  if (body !== null && !body.locked) await pass(body.getReader())
})

/** So much and so long a body that is not wanted is let pass before the connection is given up. */
const PASSING_BYTES_MAX = 8 * 1024 * 1024
const PASSING_MS_MAX = SECOND_MS

const pass = async (reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> => {
  const timer = timeOut(PASSING_MS_MAX)
  try {
    for (let bytes = 0; bytes <= PASSING_BYTES_MAX; ) {
      const read = await Promise.race([reader.read(), timer.promise])
      if (read === 'late' || read.done) return
      bytes += read.value.byteLength
    }
  } catch {
    // Whoever sent it is gone.
  } finally {
    timer.clear()
    reader.cancel().catch(() => undefined)
  }
}

const REFUSED = {
  payload_too_large: `At most ${BODY_BYTES_MAX} bytes are taken.`,
  request_timeout: `The body has to arrive within ${BODY_MS_MAX / SECOND_MS} seconds. Nothing was done.`,
}

/** `application/json; charset=utf-8` → `application/json`. */
const essence = (contentType: string | undefined): string | undefined =>
  contentType?.split(';')[0]?.trim().toLowerCase()

/** Stops at the first byte too many, and never holds more than that. */
const readBody = async (request: Request): Promise<Result<string, keyof typeof REFUSED>> => {
  if (request.body === null) return success('')
  const reader = request.body.getReader()
  if (Number(request.headers.get('content-length') ?? 0) > BODY_BYTES_MAX) {
    await pass(reader)
    return refusal('payload_too_large')
  }
  const decoder = new TextDecoder()
  const timer = timeOut(BODY_MS_MAX)
  try {
    let text = ''
    let bytes = 0
    for (;;) {
      const read = await Promise.race([reader.read(), timer.promise])
      if (read === 'late') return refusal('request_timeout')
      if (read.done) return success(text + decoder.decode())
      bytes += read.value.byteLength
      if (bytes > BODY_BYTES_MAX) {
        await pass(reader)
        return refusal('payload_too_large')
      }
      text += decoder.decode(read.value, { stream: true })
    }
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

/** The body that was read, for whoever reads it next. */
const replaceBody = (c: Context, body: string, type: string): void => {
  const headers = new Headers(c.req.raw.headers)
  headers.set('content-type', type)
  headers.delete('content-length')
  headers.delete('transfer-encoding')
  c.req.bodyCache = {}
  c.req.raw = new Request(c.req.url, { method: c.req.method, headers, body })
}
