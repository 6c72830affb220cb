import { describe, expect, it } from 'vitest'
import { type Client, createClient, ForeignAnswer } from '../../../packages/client/src/index.ts'
import { openApiDocument } from '../../../src/documents/openapi.ts'
import { scriptedServer } from '../../support/scripted-server.ts'

const document = openApiDocument()
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const

const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  METHODS.flatMap((method) => {
    const { responses } = item[method] ?? {}
    return responses ? [{ method: method.toUpperCase(), path, responses }] : []
  }),
)

type Answer = { content?: object } | { $ref: string }
type Responses = Record<string, Answer>

const resolved = (response: Answer): { content?: object } =>
  '$ref' in response
    ? resolved(document.components?.responses?.[response.$ref.split('/').at(-1) ?? ''] ?? {})
    : response

const clientOf = ({ environment }: ReturnType<typeof scriptedServer>) =>
  createClient({ url: 'http://shop.test', key: 'k', environment, retries: { attemptsMax: 1 } })

const clientOfOne = (response: Response) => clientOf(scriptedServer(response))

const html = (status: number) =>
  new Response('<h1>Hello</h1>', { status, headers: { 'content-type': 'text/html' } })

const PROBLEM = { code: 'unavailable', detail: 'Not now.' }

/** A body of each type, and what is to become of it. */
const SAMPLES: Record<string, { body: string | null; data?: unknown; error?: unknown }> = {
  'application/json': { body: '{"ready":false}', data: { ready: false } },
  'application/cloudevents-batch+json': { body: '[]', data: [] },
  'application/problem+json': { body: JSON.stringify(PROBLEM), error: PROBLEM },
  'text/html': { body: '<h1>', data: '<h1>' },
  'text/plain': { body: 'up 1', data: 'up 1' },
  nothing: { body: null },
}

const params = { path: { orderId: 'ord_1' } }

/** A call as a program would make it that knows the document only when it runs. */
const call = (client: Client, { method, path }: { method: string; path: string }) => {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, 'a/1'])
  return Reflect.get(client, method)(path, { params: { path: Object.fromEntries(names) } })
}

it.each(operations)('$method $path of the document can be called', async ({ method, path }) => {
  const server = scriptedServer(new Response(null, { status: 204 }))
  await call(clientOf(server), { method, path })
  const filled = path.replaceAll(/\{\w+\}/g, encodeURIComponent('a/1'))
  expect(server.sent).toEqual([expect.objectContaining({ method, path: filled })])
})

it.each(operations)(
  'each response of $method $path is data, or an error where it is a problem',
  async (operation) => {
    for (const { status, type } of typedResponsesOf(operation.responses)) {
      if (status === FOLLOWED) continue
      const { body, ...expected } = SAMPLES[type] ?? expect.unreachable()
      const server = scriptedServer(new Response(body, { status, headers: { 'content-type': type } }))
      const { data, error } = await call(clientOf(server), operation)
      expect({ status, type, data, error }).toEqual({ status, type, ...expected })
    }
  },
)

/** `fetch` goes on to where it leads, and the program sees that response. */
const FOLLOWED = 302

/** But for the stream, which has a call of its own. */
const typedResponsesOf = (responses: Responses) =>
  Object.entries(responses).flatMap(([status, response]) =>
    Object.keys(resolved(response).content ?? { nothing: {} })
      .filter((type) => type !== 'text/event-stream')
      .map((type) => ({ status: Number(status), type })),
  )

describe('a response of another program is thrown, so that a result has either data or a problem', () => {
  it.each([
    ['502, empty', () => new Response(null, { status: 502, headers: { 'content-length': '0' } })],
    ['504, a page of a proxy', () => html(504)],
    ['502, JSON of a proxy', () => Response.json({ message: 'no upstream' }, { status: 502 })],
    ['403, a text that claims to be JSON', () => text(403, 'application/json')],
    ['200, a page of a captive portal', () => html(200)],
    ['200, empty', () => new Response('')],
    ['200, a text that claims to be JSON', () => text(200, 'application/json')],
  ])('%s', async (_, response) => {
    const read = clientOfOne(response()).GET('/orders/{orderId}', { params })
    const thrown = await read.catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(ForeignAnswer)
    expect(String(thrown)).toMatch(
      /^ForeignAnswer: The response with status \d{3} does not come from the API\. /,
    )
  })

  const text = (status: number, type: string) =>
    new Response('Hello', { status, headers: { 'content-type': type } })
})

it('a read of a version that is still the current one brings nothing', async () => {
  const header = { 'If-None-Match': '"3"' }
  const server = scriptedServer(new Response(null, { status: 304, headers: { etag: '"3"' } }))
  const result = await clientOf(server).GET('/orders/{orderId}', { params: { ...params, header } })
  expect([result.data, result.error, result.response.status]).toEqual([undefined, undefined, 304])
  expect(server.sent[0]?.headers.get('if-none-match')).toBe('"3"')
})
