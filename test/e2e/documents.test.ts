import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { type SharedSystem, sharedSystem } from '../support/harness.ts'

let system: SharedSystem

beforeAll(async () => {
  system = await sharedSystem()
})

const HOUR = 'public, max-age=3600'
/** A page of the console fits the script of its own version alone. */
const EACH_TIME = 'no-cache'

describe('without a key', () => {
  it.each([
    ['/openapi.json', { openapi: '3.1.1', info: { title: 'edge-orders' } }],
    ['/asyncapi.json', { asyncapi: '3.0.0', info: { title: 'edge-orders events' } }],
    ['/schemas/OrderPlaced/2.json', { $id: '/schemas/OrderPlaced/2.json', type: 'object' }],
    ['/schemas/OrderPlaced/1.json', { $id: '/schemas/OrderPlaced/1.json', type: 'object' }],
  ])('%s is there to read', async (path, body) => {
    const response = await system.fetch(path)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toMatchObject(body)
  })

  it('/openapi.json names the address at which it was asked for', async () => {
    const { origin } = new URL(await system.address())
    const { servers } = JSON.parse(await (await fetch(`${origin}/openapi.json`)).text())
    expect(servers).toEqual([{ url: origin, description: 'This deployment' }])
  })

  it.each(['GET', 'HEAD'])('%s / leads a browser to /docs', async (method) => {
    const response = await system.fetch('/', { method, redirect: 'manual', headers: { accept: 'text/html' } })
    expect([response.status, response.headers.get('location')]).toEqual([302, '/docs'])
  })

  it.each([
    '/schemas/OrderPlaced/3.json',
    '/schemas/Nothing/1.json',
    '/schemas/x',
    '/docs/nothing',
    '/docs/assets/nothing',
  ])('%s is not there, and says so', async (path) => {
    const response = await system.fetch(path)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'not_found', status: 404 })
  })

  it.each(['/docs', '/docs/events'])('%s is a page that may load from its own host alone', async (path) => {
    const response = await system.fetch(path)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
    const policy = response.headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/https?:|\*/)
  })

  it('are listed for language models in /llms.txt, which is the file of the tree', async () => {
    const response = await system.fetch('/llms.txt')
    expect(response.headers.get('content-type')).toContain('text/plain')
    expect(await response.text()).toBe(readFileSync('llms.txt', 'utf8'))
  })

  it.each([
    ['/docs/assets/page.css', 'text/css', HOUR],
    ['/docs/assets/page.js', 'text/javascript', HOUR],
    ['/docs/assets/scalar.js', 'text/javascript', HOUR],
    ['/console/assets/console.css', 'text/css', EACH_TIME],
    ['/console/assets/console.js', 'text/javascript', EACH_TIME],
    ['/console/assets/uplot.js', 'text/javascript', EACH_TIME],
    ['/llms.txt', 'text/plain', HOUR],
  ])(
    '%s is a file of type %s that a browser keeps under %s, and asks for again by its ETag',
    async (path, type, kept) => {
      const response = await system.fetch(path)
      await response.arrayBuffer()
      expect(response.status).toBe(200)
      expect(headersOf(response)).toEqual([expect.stringContaining(type), kept, 'nosniff'])
      const again = await system.fetch(path, {
        headers: { 'if-none-match': response.headers.get('etag') ?? '' },
      })
      expect([again.status, await again.text()]).toEqual([304, ''])
    },
  )
})

const headersOf = ({ headers }: { headers: Pick<Headers, 'get'> }) =>
  ['content-type', 'cache-control', 'x-content-type-options'].map((name) => headers.get(name))
