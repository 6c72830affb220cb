import { feedCursorExample } from '../examples/feed.ts'

/**
 * Headers of requests, as the document describes them. Only an idempotency key is ever refused. All are optional and
 * have no `example`: a page that tries out calls would send the example, and the key of an earlier order is refused.
 */
export const REQUEST_HEADERS = {
  'Idempotency-Key': {
    description:
      'Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
  },
  Prefer: {
    description:
      '`wait=N` (1 to 30 seconds), such as `wait=10`: respond when the order is decided. A preference that cannot be understood is ignored.',
    schema: { type: 'string' },
  },
  'If-None-Match': {
    description: 'The `ETag` of an earlier response, such as `"7"`: 304 if nothing has changed since.',
    schema: { type: 'string' },
  },
  'Last-Event-ID': {
    description: 'The id of the last event that came over a stream: the new stream goes on after it.',
    schema: { type: 'string' },
  },
  traceparent: {
    description: 'The W3C trace that this call belongs to. A value that cannot be read starts a new trace.',
    schema: { type: 'string' },
  },
} as const

export type RequestHeader = keyof typeof REQUEST_HEADERS

/** Headers of responses. */
export const RESPONSE_HEADERS = {
  Location: {
    description: 'Where to read the new resource.',
    schema: { type: 'string' },
    example: '/orders/ord_0_01m84cect7ws6kqky32zvfd1pr',
  },
  ETag: { description: "The order's version.", schema: { type: 'string' }, example: '"7"' },
  'Idempotency-Replayed': {
    description: 'Only where the response repeats the first one to this idempotency key.',
    schema: { type: 'string', const: 'true' },
    example: 'true',
  },
  'Preference-Applied': {
    description: 'The preference of the request that was honoured.',
    schema: { type: 'string' },
    example: 'wait=10',
  },
  'Retry-After': {
    description: 'Seconds to wait before asking again.',
    schema: { type: 'integer', minimum: 0 },
    example: 5,
  },
  'Next-Cursor': {
    description: 'The `after` of the next call.',
    schema: { type: 'string' },
    example: feedCursorExample,
  },
  Link: {
    description: 'The address of the next call, with `rel="next"`.',
    schema: { type: 'string' },
    example: `</feed/orders?after=${feedCursorExample}>; rel="next"`,
  },
  'WWW-Authenticate': {
    description: 'How to authenticate.',
    schema: { type: 'string' },
    example: 'Bearer',
  },
} as const

export type ResponseHeader = keyof typeof RESPONSE_HEADERS
