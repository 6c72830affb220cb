import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { jsonPointer } from '../../contracts/json-pointer.ts'
import { SECOND_MS } from '../../kernel/instant.ts'
import { type Result, refusal, success } from '../../kernel/result.ts'
import { IS_ILL_FORMED, illFormedTexts } from '../../kernel/well-formed.ts'
import { faultyProblem, problem } from './problem.ts'
import { BODY_BYTES_MAX, BODY_MS_MAX, readBody } from './read-body.ts'
import { mediaTypeOf, setBody } from './request-body.ts'

/** Our deepest body has five levels. 64 KiB of nesting would exhaust the stack of code that recurses into a value. */
const NESTING_MAX = 100

/** The methods of our API whose body is read. No code reads the body of another method. */
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH'])

export const hasBody = (method: string): boolean => WITH_BODY.has(method)

/**
 * For routes with a body: the body comes whole, in time and not encoded, has one of these media types, and is JSON of
 * text that can be stored. The route itself checks the fields. An empty body counts as an empty object, so that the
 * response names each missing field.
 */
export const requireJson = (mediaTypes: readonly string[]) =>
  createMiddleware(async (c, next) => {
    if (!hasBody(c.req.method)) return await next()
    if (isEncoded(c)) return problem(c, 'unsupported_media_type', ENCODED)
    const read = await readBody(c.req.raw)
    if (!read.ok) return problem(c, read.reason, { detail: REFUSED[read.reason] })
    const mediaType = read.value.byteLength === 0 ? mediaTypes[0] : mediaTypeOf(c.req.header('content-type'))
    if (mediaType === undefined || !mediaTypes.includes(mediaType)) {
      return problem(c, 'unsupported_media_type', { detail: `Send the body as ${mediaTypes.join(' or ')}.` })
    }
    const parsed = parse(read.value)
    if (!parsed.ok) return problem(c, 'malformed_json', { detail: parsed.reason })
    const faults = faultsOf(parsed.value)
    if (faults.length > 0) return faultyProblem(c, 'validation_failed', faults)
    setBody(c, { ...parsed.value, mediaType })
    return await next()
  })

/** No code here decompresses a body: the limit of its size would come too late. */
const isEncoded = (c: Context): boolean =>
  (c.req.header('content-encoding') ?? '')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .some((coding) => coding !== '' && coding !== 'identity')

/** The header names the accepted encoding (RFC 9110, 15.5.16). */
const ENCODED = {
  detail: 'Send the body as it is, without Content-Encoding.',
  headers: { 'accept-encoding': 'identity' },
}

type Parsed = { text: string; value: unknown }

/** Bytes that are not UTF-8 are refused: replaced by `\ufffd`, two texts could become one. A byte order mark is skipped. */
const parse = (bytes: Uint8Array): Result<Parsed, string> => {
  try {
    const text = bytes.byteLength === 0 ? '{}' : UTF_8.decode(bytes)
    const value: unknown = JSON.parse(text)
    return isTooDeep(value)
      ? refusal(`The body is nested deeper than ${NESTING_MAX} levels.`)
      : success({ text, value })
  } catch (error) {
    return refusal(error instanceof SyntaxError ? placeOf(error) : 'The body is not UTF-8.')
  }
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/** UTF-8 has no halves of surrogate pairs: only escapes can bring them. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/

const faultsOf = ({ text, value }: Parsed) =>
  SURROGATE_ESCAPE.test(text)
    ? illFormedTexts(value).map((path) => ({ path: jsonPointer(path), message: IS_ILL_FORMED }))
    : []

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

/** The place where the text stops being JSON. The rest of the parser's message may quote a payment token. */
const placeOf = (error: unknown): string => {
  const place = /line \d+ column \d+/.exec(String(error))?.[0]
  return place === undefined ? 'The body cannot be read as JSON.' : `The body stops being JSON at ${place}.`
}

const REFUSED = {
  payload_too_large: `At most ${BODY_BYTES_MAX} bytes are accepted.`,
  request_timeout: `The body has to arrive within ${BODY_MS_MAX / SECOND_MS} seconds. Nothing was done.`,
}
