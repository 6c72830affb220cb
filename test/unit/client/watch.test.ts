import { describe, expect, it } from 'vitest'
import { createClient } from '../../../packages/client/src/index.ts'
import { problemAnswer, scriptedServer } from '../../support/scripted-server.ts'

const PLACED = { id: 'ord_1/OrderPlaced', type: 'OrderPlaced' }
const RESERVED = { id: 'ord_1/StockReserved', type: 'StockReserved' }
const SETTLED = { id: 'ord_1/OrderSettled', type: 'OrderSettled' }

const frame = (event: { id: string; type: string }) =>
  `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`

/** A connection that brings these pieces, and then ends, breaks or falls silent. */
const stream = (pieces: string[], end: 'ends' | 'breaks' | 'falls silent' = 'ends') => {
  const encoder = new TextEncoder()
  const body = new ReadableStream({
    pull: (controller) => {
      const piece = pieces.shift()
      if (piece !== undefined) return controller.enqueue(encoder.encode(piece))
      if (end === 'ends') return controller.close()
      if (end === 'breaks') return controller.error(new TypeError('terminated'))
      return new Promise(() => undefined)
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } })
}

const watch = (server: ReturnType<typeof scriptedServer>, after?: string) =>
  createClient({ url: 'http://shop.test', token: 't', environment: server.environment }).watchOrder('ord_1', {
    ...(after !== undefined && { after }),
  })

const typesOf = async (server: ReturnType<typeof scriptedServer>): Promise<string[]> => {
  const types: string[] = []
  for await (const { type } of watch(server)) types.push(type)
  return types
}

const lastSeen = (server: ReturnType<typeof scriptedServer>) =>
  server.sent.map(({ headers }) => headers.get('last-event-id'))

describe('watching an order', () => {
  it('ends when it is settled, however the events are cut into pieces', async () => {
    const text = ['retry: 2000\n\n', frame(PLACED), ': keep-alive\n\n', frame(SETTLED)].join('')
    const server = scriptedServer(stream([text.slice(0, 40), text.slice(40, 90), text.slice(90)]))
    expect(await typesOf(server)).toEqual(['OrderPlaced', 'OrderSettled'])
    expect(server.sent[0]?.headers.get('accept')).toBe('text/event-stream')
  })

  it('goes on after what was seen when the connection breaks in the middle of an event', async () => {
    const server = scriptedServer(
      stream([frame(PLACED), frame(RESERVED).slice(0, 30)], 'breaks'),
      stream([frame(RESERVED), frame(SETTLED)]),
    )
    expect(await typesOf(server)).toEqual(['OrderPlaced', 'StockReserved', 'OrderSettled'])
    expect(lastSeen(server)).toEqual([null, PLACED.id])
  })

  it('goes on elsewhere when a connection says nothing for too long', async () => {
    const server = scriptedServer(stream([frame(PLACED)], 'falls silent'), stream([frame(SETTLED)]))
    const types: string[] = []
    for await (const { type } of watch(server)) {
      types.push(type)
      if (type === 'OrderPlaced') setTimeout(server.timeOut)
    }
    expect(types).toEqual(['OrderPlaced', 'OrderSettled'])
  })

  it('comes again when the server has asked it to', async () => {
    const server = scriptedServer(stream(['retry: 15000\n\n', frame(PLACED)]), stream([frame(SETTLED)]))
    await typesOf(server)
    expect(server.pauses).toEqual([15_000])
  })

  it('ends where there is nothing more to tell', async () => {
    const server = scriptedServer(new Response(null, { status: 204 }))
    for await (const _ of watch(server, SETTLED.id)) expect.unreachable()
    expect(lastSeen(server)).toEqual([SETTLED.id])
  })

  it('throws the problem of who may not', async () => {
    const server = scriptedServer(problemAnswer(401, 'unauthorized'))
    await expect(typesOf(server)).rejects.toThrow('401 unauthorized')
  })

  it('closes the connection when its reader stops', async () => {
    const server = scriptedServer(stream([frame(PLACED), frame(SETTLED)], 'falls silent'))
    for await (const event of watch(server)) if (event.type === 'OrderPlaced') break
    expect(server.sent).toHaveLength(1)
  })
})
