import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { type TraceVariables, trace } from '../../../src/cloudflare/http/trace.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'

const answeredIn = async (traceparent: string): Promise<string> => {
  const app = new Hono<{ Variables: TraceVariables }>().use(trace)
  app.get('/', (c) => c.text(c.var.traceId))
  const response = await app.request('/', { headers: { traceparent } })
  expect(response.headers.get('traceparent')).toMatch(
    new RegExp(`^00-${await response.clone().text()}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$`),
  )
  return response.headers.get('traceparent') ?? ''
}

it.each([
  ['the current version', `00-${TRACE}-${PARENT}-00`, '00'],
  ['a later version', `cc-${TRACE}-${PARENT}-01-what-the-future-will-be-like`, '01'],
  ['unknown flags', `00-${TRACE}-${PARENT}-fd`, '01'],
])('a request goes on in the trace that it came with, under a span of ours: %s', async (_, sent, flags) => {
  const answered = await answeredIn(sent)
  expect(answered).toMatch(new RegExp(`^00-${TRACE}-.*-${flags}$`))
  expect(answered).not.toContain(PARENT)
})

it.each([
  ['no trace', `00-${'0'.repeat(32)}-${PARENT}-01`],
  ['no parent', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['version ff', `ff-${TRACE}-${PARENT}-01`],
  ['capital letters', `00-${TRACE.toUpperCase()}-${PARENT}-01`],
  ['two traces', `00-${TRACE}-${PARENT}-01, 00-${TRACE}-${PARENT}-01`],
])('a request begins a trace where it came with none that can be read: %s', async (_, sent) => {
  expect(await answeredIn(sent)).not.toContain(TRACE)
})
