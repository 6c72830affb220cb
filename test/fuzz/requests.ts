import type { Chance } from '../crash/chance.ts'
import type { DocumentedCall } from './document.ts'
import { PATH_VALUES, WRITTEN_PRODUCTS } from './hints.ts'
import {
  ATTRIBUTES,
  BODIES,
  BYTES,
  ENCODINGS,
  HEADER_VALUES,
  jsonOf,
  MEDIA_TYPES,
  NO_UTF_8,
  QUERY_VALUES,
  SEGMENTS,
} from './hostile.ts'
import { type Known, parameterName } from './known.ts'
import { mutated } from './mutations.ts'
import type { Samples } from './samples.ts'

/** A request as it goes over the wire. */
export type FuzzRequest = {
  method: string
  path: string
  headers: Record<string, string>
  body?: string | Uint8Array
}

/** Keys by their rights: all rights, all rights to its own resources, the fewest rights, none. */
export type Keys = { operator: string; client: string; reader: string }

type Parts = { samples: Samples; known: Known; keys: Keys }

/** One request to a call: mostly nearly right, so that it gets past the first check, and wrong somewhere. */
export const requestOf = (call: DocumentedCall, parts: Parts, chance: Chance): FuzzRequest => {
  const body = bodyOf(call, parts.samples, chance)
  return {
    method: chance.isLikely(0.97) ? call.method : (chance.pick(METHODS) ?? call.method),
    path: `${pathOf(call, parts.known, chance)}${queryOf(call, parts, chance)}`,
    headers: {
      ...authorization(parts.keys, chance),
      ...headersOf(call, parts.known, chance),
      ...binaryMode(call, chance),
      ...(body !== undefined && contentType(body.mediaType, chance)),
      ...(body !== undefined &&
        chance.isLikely(0.02) && { 'content-encoding': chance.pick(ENCODINGS) ?? '' }),
    },
    ...(body !== undefined && { body: body.text }),
  }
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

const pathOf = (call: DocumentedCall, known: Known, chance: Chance): string =>
  call.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    if (chance.isLikely(0.12)) return chance.pick(SEGMENTS) ?? 'none'
    if (call.id === 'putProduct') return chance.pick(WRITTEN_PRODUCTS) ?? 'none'
    // Later requests cannot use a resource that is removed.
    if (call.id === 'removeWebhook' && chance.isLikely(0.8)) return 'none'
    return known.pick(parameterName(call, name), chance) ?? chance.pick(PATH_VALUES[name] ?? []) ?? 'none'
  })

const queryOf = (call: DocumentedCall, { samples, known }: Parts, chance: Chance): string => {
  const pairs = call.parameters
    .filter((parameter) => parameter.in === 'query' && chance.isLikely(0.35))
    .map(({ name, schema }) => {
      if (chance.isLikely(0.3)) return `${name}=${chance.pick(QUERY_VALUES)}`
      const value = known.pick(parameterName(call, name), chance) ?? samples.pick(schema, chance)
      return `${name}=${encodeURIComponent(String(value).toWellFormed())}`
    })
  if (chance.isLikely(0.03))
    pairs.push(chance.pick(['unknown=1', 'limit=1&limit=2', '__proto__=1', '=']) ?? '')
  const token = known.pick('token', chance)
  if (chance.isLikely(0.03)) pairs.push(`token=${token ?? 'rt_1.x'}`)
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

/** How often each caller sends a request. */
const CALLERS = { operator: 76, client: 12, reader: 5, anonymous: 3, unknown: 4 }

const authorization = (keys: Keys, chance: Chance): Record<string, string> => {
  const caller = chance.share(CALLERS)
  if (caller === 'anonymous') return {}
  if (caller === 'unknown') return { authorization: chance.pick(CREDENTIALS) ?? '' }
  return { authorization: `Bearer ${keys[caller]}` }
}

const CREDENTIALS = [
  '',
  'Bearer',
  'Bearer ',
  'Bearer wrong-key',
  'Basic dGVzdC1hZG1pbi1rZXk=',
  `Bearer eo_${'0'.repeat(26)}_${'0'.repeat(40)}`,
  `Bearer eo_${'0'.repeat(4_000)}`,
  'Bearer rt_zz.x',
  `Bearer rt_zzzzzzzz.${'A'.repeat(43)}`,
  'Bearer \u00e9\u00ff',
] as const

const headersOf = (call: DocumentedCall, known: Known, chance: Chance): Record<string, string> => {
  const documented = call.parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name)
  const sent = documented.filter(() => chance.isLikely(0.3))
  if (chance.isLikely(0.02)) sent.push(chance.pick(UNASKED) ?? 'x')
  if (call.id === 'getOrderEvents' && chance.isLikely(0.3)) sent.push('accept')
  return Object.fromEntries(sent.map((name) => [name, headerValue(name, known, chance)]))
}

const binaryMode = (call: DocumentedCall, chance: Chance): Record<string, string> => {
  if (call.id !== 'publishEvents' || !chance.isLikely(0.2)) return {}
  const sent = ['id', 'source', 'subject', 'time', 'schemaversion', 'traceparent', '__proto__'].filter(() =>
    chance.isLikely(0.4),
  )
  return {
    ...{ 'ce-specversion': '1.0', 'ce-type': 'OrderPlaced', 'ce-id': 'fuzz', 'ce-source': '/fuzz' },
    ...Object.fromEntries(sent.map((name) => [`ce-${name}`, chance.pick(ATTRIBUTES) ?? ''])),
  }
}

/** Headers that no call documents. They must change neither the caller nor the destination of a request. */
const UNASKED = [
  'x-edge-caller',
  'x-forwarded-host',
  'x-http-method-override',
  'cf-connecting-ip',
  'origin',
  'range',
  'accept',
  'accept-encoding',
  'ce-specversion',
  'ce-type',
  'cookie',
] as const

const headerValue = (name: string, known: Known, chance: Chance): string => {
  if (chance.isLikely(0.35)) return chance.pick(HEADER_VALUES) ?? ''
  switch (name) {
    case 'Idempotency-Key':
      // Only a few keys, so that some are used again: with the same body and with another.
      return `fuzz-${chance.integer(1, 60)}`
    case 'Prefer':
      return 'wait=1'
    case 'If-None-Match':
      return `"${chance.integer(1, 9)}"`
    case 'accept':
      return 'text/event-stream'
    case 'x-edge-caller':
      return '{"client":"bootstrap","scopes":["operations"]}'
    case 'traceparent':
      return '00-16d8fe903483a4d2a8dd65bf491ea84d-7d416f4113cf5ce1-01'
    default:
      return known.pick(name, chance) ?? 'none'
  }
}

const contentType = (mediaType: string, chance: Chance): Record<string, string> => {
  if (chance.isLikely(0.95)) return { 'content-type': mediaType }
  return chance.isLikely(0.3) ? {} : { 'content-type': chance.pick(MEDIA_TYPES) ?? '' }
}

/** How often each kind of body is sent. */
const BODY_KINDS = { valid: 45, mutated: 35, twiceMutated: 8, broken: 4, hostile: 6, bytes: 4, none: 2 }

const bodyOf = (call: DocumentedCall, samples: Samples, chance: Chance) => {
  const kind = chance.share(BODY_KINDS)
  const media = chance.pick(call.body)
  if (media === undefined || kind === 'none') {
    // Calls without a body in the document get one too.
    return media === undefined && chance.isLikely(0.03)
      ? { text: chance.pick(BODIES) ?? '', mediaType: 'application/json' }
      : undefined
  }
  const { mediaType } = media
  if (kind === 'hostile') return { text: chance.pick(BODIES) ?? '', mediaType }
  if (kind === 'bytes' && chance.isLikely(0.3)) return { text: chance.pick(BYTES) ?? '', mediaType }
  const valid = samples.pick(media.schema, chance)
  if (kind === 'valid') return { text: jsonOf(valid), mediaType }
  if (kind === 'bytes') return { text: withBytes(jsonOf(valid), chance), mediaType }
  if (kind === 'broken') return { text: broken(jsonOf(valid), chance), mediaType }
  const once = mutated(valid, chance)
  return { text: jsonOf(kind === 'mutated' ? once : mutated(once, chance)), mediaType }
}

/** The text without one piece, or with one piece too many. */
const broken = (text: string, chance: Chance): string => {
  const at = chance.integer(0, text.length)
  return chance.isLikely(0.5)
    ? text.slice(0, at)
    : `${text.slice(0, at)}${chance.pick(['"', '}', ',', 'x'])}${text.slice(at)}`
}

/** The text as UTF-8, with bytes in it that are not UTF-8. */
const withBytes = (text: string, chance: Chance): Uint8Array => {
  const bytes = Buffer.from(text)
  const at = chance.integer(0, bytes.length)
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(chance.pick(NO_UTF_8) ?? []), bytes.subarray(at)])
}
