import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

let system: System
let shop: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await startSystem()
  shop = openShop(system)
  await shop.stock('P001', 10)
})

afterAll(() => system.close())

const ORDER = '{"items":[{"productId":"P001","quantity":1}]}'

type Connection = { send(text: string): Promise<void>; answer: Promise<string>; close(): void }

const AUTHORIZATION = 'Authorization: Bearer test-admin-key'

/** `POST /orders` as bytes on a line; `answer` is what came back first. */
const open = (...headers: string[]): Promise<Connection> => openAt('/orders', AUTHORIZATION, ...headers)

const openAt = async (path: string, ...headers: string[]): Promise<Connection> => {
  const { hostname, port } = new URL(await system.address())
  const socket = connect(Number(port), hostname)
  const answer = new Promise<string>((resolve) => {
    socket.once('data', (data) => resolve(data.toString()))
    socket.once('close', () => resolve('closed'))
  })
  socket.on('error', () => undefined)
  const lines = [`POST ${path} HTTP/1.1`, 'Host: localhost', 'Content-Type: application/json', ...headers]
  const send = (text: string) =>
    new Promise<void>((resolve) => {
      socket.write(text, () => resolve())
    })
  await send(`${lines.join('\r\n')}\r\n\r\n`)
  return { send, answer, close: () => socket.destroy() }
}

const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`

describe('a body in chunks', () => {
  it('is read as one', async () => {
    const connection = await open('Transfer-Encoding: chunked')
    for (const part of [ORDER.slice(0, 10), ORDER.slice(10)]) await connection.send(chunk(part))
    await connection.send(chunk(''))
    expect(await connection.answer).toMatch(/^HTTP\/1\.1 202 /)
    connection.close()
  })

  it('above 64 KiB is refused before it has come to its end', async () => {
    const connection = await open('Transfer-Encoding: chunked')
    for (let kilobytes = 0; kilobytes < 80; kilobytes += 8) await connection.send(chunk(' '.repeat(8_192)))
    expect(await connection.answer).toMatch(/^HTTP\/1\.1 413 /)
    connection.close()
  })
})

describe('a body that says it is larger than 64 KiB', () => {
  it('is refused before any of it has come', async () => {
    const connection = await open('Content-Length: 65537')
    expect(await connection.answer).toMatch(/^HTTP\/1\.1 413 /)
    connection.close()
  })
})

describe('a body that does not come', () => {
  it.each([
    ['a wrong key', '/orders', 'Authorization: Bearer wrong-key', 401],
    ['an unknown path', '/nowhere', AUTHORIZATION, 404],
  ])('is not waited for where it would not be read: %s', async (_, path, authorization, status) => {
    const connection = await openAt(path, authorization, 'Content-Length: 100')
    expect(await connection.answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    connection.close()
  })

  it.concurrent.each(['Content-Length: 100', 'Transfer-Encoding: chunked'])(
    'is waited for ten seconds: %s',
    async (header) => {
      const connection = await open(header)
      await connection.send(header.startsWith('C') ? '{' : chunk('{'))
      expect(await connection.answer).toMatch(/^HTTP\/1\.1 408 /)
      connection.close()
      expect((await shop.post('/orders', JSON.parse(ORDER))).status).toBe(202)
    },
  )
})

describe('a body that is not wanted', () => {
  const AT_ONCE = 8
  const BODY = 'a'.repeat(180_000)

  /** The status, or what became of the connection. */
  const send = async (method: string, path: string, agent: Agent): Promise<number | string | undefined> => {
    const { hostname, port } = new URL(await system.address())
    const headers = { authorization: 'Bearer test-admin-key', 'content-length': String(BODY.length) }
    return new Promise((resolve) => {
      const outgoing = request({ hostname, port, method, path, agent, headers, timeout: 20_000 })
      outgoing.once('timeout', () => outgoing.destroy(new Error('no answer in 20 s')))
      outgoing.once('error', (error) => resolve(error.message))
      outgoing.once('response', (incoming) => {
        incoming.once('error', (error) => resolve(error.message))
        incoming.once('end', () => resolve(incoming.statusCode))
        incoming.resume()
      })
      outgoing.end(BODY)
    })
  }

  it.each([
    ['too large', 'POST', '/orders', 413],
    ['on a GET', 'GET', '/orders', 200],
    ['on a path that does not exist', 'POST', '/nowhere', 404],
  ])('leaves its connection usable: %s', async (_, method, path, status) => {
    const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
    const requests = Array.from({ length: 10 * AT_ONCE }, () => send(method, path, agent))
    const answers = await Promise.all(requests)
    agent.destroy()
    expect(new Set(answers)).toEqual(new Set([status]))
  })
})
