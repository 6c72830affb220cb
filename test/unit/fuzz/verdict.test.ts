import { describe, expect, it } from 'vitest'
import { openApiDocument } from '../../../src/documents/openapi.ts'
import { readDocument } from '../../fuzz/document.ts'
import type { FuzzResponse } from '../../fuzz/send.ts'
import { createJudge } from '../../fuzz/verdict.ts'

const judge = createJudge(readDocument(JSON.parse(JSON.stringify(openApiDocument()))))

const KEY = 'eo_someone_0123456789'
const JSON_TYPE = { 'content-type': 'application/json' }
const LEVEL = {
  productId: 'P001',
  onHand: 1,
  reserved: 0,
  available: 1,
  updatedAt: '2026-11-23T12:00:00.000Z',
}

const asked = (response: Partial<FuzzResponse>, path = '/inventory/P001', method = 'GET') =>
  judge(
    { method, path, headers: { authorization: `Bearer ${KEY}` } },
    { status: 200, headers: JSON_TYPE, body: JSON.stringify(LEVEL), isCut: false, ...response },
  ).map(({ kind }) => kind)

const refusal = (status: number, code: string, more: object = {}): Partial<FuzzResponse> => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: JSON.stringify({ type: 'urn:x', title: 'x', status, detail: 'x', code, traceId: 'x', ...more }),
})

describe('the fuzzer finds no fault', () => {
  it.each([
    ['in a response as documented', {}],
    ['in a documented refusal', refusal(404, 'product_not_found')],
  ])('%s', (_, response) => expect(asked(response)).toEqual([]))

  it('in a refusal of a request that is no call', () => {
    expect(asked(refusal(404, 'not_found'), '/inventory/P001', 'DELETE')).toEqual([])
  })
})

describe('the fuzzer finds a fault', () => {
  it.each([
    ['a status that the call does not have', { status: 201 }, 'schema mismatch'],
    ['a body without a required field', { body: '{}' }, 'schema mismatch'],
    ['a body of another type', { headers: { 'content-type': 'text/html' } }, 'schema mismatch'],
    ['a body that is cut short', { body: '{"productId":' }, 'schema mismatch'],
    ['a code that the status does not have', refusal(404, 'order_not_found'), 'schema mismatch'],
    [
      'a problem without its trace',
      refusal(404, 'product_not_found', { traceId: undefined }),
      'schema mismatch',
    ],
    ['text that is none', refusal(404, 'product_not_found', { detail: '\ud800' }), 'schema mismatch'],
    ['an error of the server', refusal(500, 'internal_error'), 'unexpected 5xx'],
    ['no response of ours', { status: 502, body: 'Bad Gateway' }, 'unexpected 5xx'],
    ['overload, counted apart', refusal(503, 'unavailable'), 'overload'],
    ["the caller's key", refusal(404, 'product_not_found', { detail: KEY }), 'leak'],
    ['a payment token', refusal(404, 'product_not_found', { detail: 'pm_card_visa' }), 'leak'],
    ['a stack trace', refusal(404, 'product_not_found', { detail: 'x at run (a.js:1:2)' }), 'leak'],
  ])('in %s', (_, response, kind) => expect(asked(response)).toEqual([kind]))

  it('in a call that the document lacks', () => {
    expect(asked({}, '/inventory/P001', 'DELETE')).toEqual(['schema mismatch'])
  })

  it.each([
    ['a byte that no text has', Uint8Array.from([0x22, 0xff, 0x22]), {}],
    ['half of a surrogate pair', '{"reason":"\\ud800"}', {}],
    ['an encoding', '{}', { 'content-encoding': 'gzip' }],
  ])('in a response that takes a body that is no text: %s', (_, body, headers: Record<string, string>) => {
    const taken = { status: 200, headers: JSON_TYPE, body: JSON.stringify(LEVEL), isCut: false }
    const path = '/inventory/P001/adjustments'
    const kinds = judge({ method: 'POST', path, headers, body }, taken).map(({ kind }) => kind)
    expect(kinds).toEqual(['schema mismatch'])
    expect(judge({ method: 'POST', path, headers: {}, body: '{"delta":1}' }, taken)).toEqual([])
  })
})
