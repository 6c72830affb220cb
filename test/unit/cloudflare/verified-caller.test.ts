import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import {
  type CallerBinding,
  type CallerVariables,
  verifiedCaller,
} from '../../../src/cloudflare/http/caller.ts'
import { type TraceVariables, trace } from '../../../src/cloudflare/http/trace.ts'
import type { Caller } from '../../../src/contracts/caller.ts'

const OPERATOR: Caller = { client: 'shop', scopes: ['operations'] }

const app = new Hono<{ Bindings: CallerBinding; Variables: CallerVariables & TraceVariables }>()
app.use(trace, verifiedCaller)
app.get('/', (c) => c.json(c.var.caller))

describe('an inner Worker', () => {
  it('acts for the caller that the edge passed as an argument', async () => {
    const response = await app.request('/', {}, { caller: OPERATOR })
    expect(await response.json()).toEqual(OPERATOR)
  })

  it('refuses a request without one', async () => {
    expect((await app.request('/', {}, {})).status).toBe(401)
  })

  it('does not believe a header, and tells an earlier edge to come again', async () => {
    const headers = { 'x-edge-caller': JSON.stringify(OPERATOR) }
    const response = await app.request('/', { headers }, {})
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).not.toBeNull()
    expect(await response.json()).toMatchObject({ code: 'unavailable' })
  })

  it('is not moved by that header where the edge passed another caller', async () => {
    const headers = { 'x-edge-caller': JSON.stringify(OPERATOR) }
    const caller: Caller = { client: 'other', scopes: ['orders:read'] }
    expect(await (await app.request('/', { headers }, { caller })).json()).toEqual(caller)
  })
})
