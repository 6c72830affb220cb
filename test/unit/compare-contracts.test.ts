import { describe, expect, it } from 'vitest'
import { compareAsyncApi } from '../../scripts/contracts/compare-asyncapi.ts'
import { compareOpenApi } from '../../scripts/contracts/compare-openapi.ts'
import { compareSchemas } from '../../scripts/contracts/compare-schemas.ts'
import { jsonSchema } from '../../scripts/contracts/json-schema.ts'

type Schema = Record<string, unknown>
type Use = 'request' | 'response' | 'event'

const compare = (use: Use, before: Schema, after: Schema) =>
  compareSchemas(jsonSchema.parse(before), jsonSchema.parse(after), {
    use,
    documents: { before: {}, after: {} },
  })

const object = (properties: Schema, required: string[] = [], rest: Schema = {}): Schema => ({
  type: 'object',
  properties,
  required,
  ...rest,
})

const text = { type: 'string' }
const whole = { type: 'integer' }
const number = { type: 'number' }
const one = object({ a: text }, ['a'])

describe('breaks programs that were built for the older schema', () => {
  it.each<[string, Use[], Schema, Schema, string]>([
    ['a removed field', ['request', 'response', 'event'], one, object({}), '/a: removed'],
    [
      'a renamed field',
      ['request', 'response', 'event'],
      object({ a: text }),
      object({ b: text }),
      '/a: removed',
    ],
    ['a newly required field', ['request', 'event'], object({}), one, '/a: newly required'],
    [
      'an optional field that is now required',
      ['request', 'event'],
      object({ a: text }),
      one,
      '/a: newly required',
    ],
    [
      'a field that may be absent now',
      ['response', 'event'],
      one,
      object({ a: text }),
      '/a: may be absent now',
    ],
    ['another type', ['request', 'response', 'event'], text, number, ': the type was string and is number'],
    ['a wider type', ['response', 'event'], whole, number, ': the type was integer and is number'],
    ['a narrower type', ['request', 'event'], number, whole, ': the type was number and is integer'],
    ['a value less', ['request', 'event'], { enum: ['x', 'y'] }, { enum: ['x'] }, ': y is no longer allowed'],
    [
      'a value more',
      ['event'],
      { enum: ['x'] },
      { enum: ['x', 'y'] },
      ': y is new, and old readers refuse it',
    ],
    ['a lower maximum', ['request', 'event'], { maximum: 9 }, { maximum: 8 }, ': maximum was 9 and is 8'],
    ['a higher minimum', ['request', 'event'], { minimum: 1 }, { minimum: 2 }, ': minimum was 1 and is 2'],
    ['a new bound', ['request', 'event'], text, { ...text, maxLength: 5 }, ': maxLength was absent and is 5'],
    ['a looser bound', ['event'], { maxItems: 5 }, { maxItems: 6 }, ': maxItems was 5 and is 6'],
    [
      'another pattern',
      ['request', 'event'],
      { pattern: 'a' },
      { pattern: 'b' },
      ': pattern was "a" and is "b"',
    ],
    [
      'unknown fields refused',
      ['request', 'event'],
      object({}),
      object({}, [], { additionalProperties: false }),
      ': unknown fields are refused now',
    ],
    [
      'an alternative less',
      ['request', 'event'],
      { anyOf: [text, one] },
      { anyOf: [text] },
      ': an alternative is removed',
    ],
    [
      'an alternative more',
      ['response', 'event'],
      { anyOf: [text] },
      { anyOf: [text, one] },
      ': an alternative is new',
    ],
    [
      'a change deep inside',
      ['request', 'response', 'event'],
      { type: 'array', items: one },
      { type: 'array', items: object({ a: number }, ['a']) },
      '/*/a: the type was string and is number',
    ],
    [
      'a change of every value of a map',
      ['request', 'response', 'event'],
      object({}, [], { additionalProperties: text }),
      object({}, [], { additionalProperties: number }),
      '/{name}: the type was string and is number',
    ],
  ])('%s, in each %s', (_, uses, ...[before, after, found]) => {
    const harmless = (['request', 'response', 'event'] as const).filter((use) => !uses.includes(use))
    for (const use of uses) expect([use, compare(use, before, after)]).toEqual([use, [found]])
    for (const use of harmless) expect([use, compare(use, before, after)]).toEqual([use, []])
  })
})

it.each<[string, Schema]>([
  ['a new optional field', object({ a: text, b: text }, ['a'])],
  ['another description', { ...one, description: 'new', examples: [1] }],
  ['the same by reference', { $ref: '#/One' }],
  ['the same in two parts', { allOf: [object({ a: text }), { required: ['a'] }] }],
])('breaks no program: %s', (_, after) => {
  for (const use of ['request', 'response', 'event'] as const) {
    expect(
      compareSchemas(jsonSchema.parse(one), jsonSchema.parse(after), {
        use,
        documents: { before: {}, after: { One: one } },
      }),
    ).toEqual([])
  }
})

it('ends where a schema holds itself', () => {
  const document = { Tree: object({ left: { $ref: '#/Tree' } }) }
  const tree = { $ref: '#/Tree' }
  expect(
    compareSchemas(tree, tree, { use: 'event', documents: { before: document, after: document } }),
  ).toEqual([])
})

describe('an OpenAPI document', () => {
  const call = {
    operationId: 'get',
    security: [{ apiKey: ['a:read'] }],
    parameters: [{ in: 'query', name: 'limit', schema: whole }],
    requestBody: { content: { 'application/json': { schema: one } } },
    responses: {
      200: { headers: { ETag: {} }, content: { 'application/json': { schema: one } } },
      404: { content: { 'application/problem+json': { schema: one } } },
    },
  }
  const compareCall = (now: object | undefined) =>
    compareOpenApi(
      { paths: { '/x': { get: call } } },
      { paths: { '/x': now === undefined ? {} : { get: now } } },
    )
  const { 404: _gone, ...withoutNotFound } = call.responses

  it.each([
    ['a call that is gone', undefined, 'GET /x: the call is removed'],
    ['another name', { ...call, operationId: 'read' }, 'GET /x: its operationId was get'],
    [
      'another scope',
      { ...call, security: [{ apiKey: ['b'] }] },
      'GET /x: {"apiKey":["a:read"]} is no longer accepted',
    ],
    [
      'a parameter that is gone',
      { ...call, parameters: [] },
      'GET /x, query limit: the parameter is removed',
    ],
    [
      'a parameter that is required',
      { ...call, parameters: [...call.parameters, { in: 'header', name: 'X', required: true }] },
      'GET /x, header X: new, and required',
    ],
    [
      'a body that is required',
      { ...call, requestBody: { ...call.requestBody, required: true } },
      'GET /x, request body: newly required',
    ],
    [
      'a status that is gone',
      { ...call, responses: withoutNotFound },
      'GET /x, response 404: the response is removed',
    ],
    [
      'a header that is gone',
      { ...call, responses: { ...call.responses, 200: { content: call.responses[200].content } } },
      'GET /x, response 200: the header ETag is removed',
    ],
  ])('breaks clients by %s', (_, now, found) => {
    expect(compareCall(now)).toEqual([found])
  })

  it('breaks no client by a new call, a new status and a new optional parameter', () => {
    const now = {
      ...call,
      parameters: [...call.parameters, { in: 'query', name: 'cursor', schema: text }],
      responses: { ...call.responses, 409: {} },
    }
    expect(
      compareOpenApi({ paths: { '/x': { get: call } } }, { paths: { '/x': { get: now, post: call } } }),
    ).toEqual([])
  })
})

describe('an AsyncAPI document', () => {
  const document = {
    channels: { inbox: { address: 'a', messages: { 'E.v1': {} } } },
    components: { messages: { 'E.v1': { payload: one } } },
  }

  it('breaks consumers by a version that is gone, another address, and a message that does not come', () => {
    const now = { channels: { inbox: { address: 'b', messages: {} } }, components: { messages: {} } }
    expect(compareAsyncApi(document, now)).toEqual([
      'E.v1: no program can read this version any more',
      'inbox: its address was a',
      'inbox: E.v1 is no longer sent here',
    ])
  })

  it('breaks no consumer by a new version beside the old one', () => {
    const messages = { ...document.components.messages, 'E.v2': { payload: text } }
    expect(compareAsyncApi(document, { ...document, components: { messages } })).toEqual([])
  })
})
