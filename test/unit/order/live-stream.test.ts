import { expect, it } from 'vitest'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import { streamEvents } from '../../../src/order/live-stream.ts'
import type { OrderUpdate } from '../../../src/order/partition/live-reads.ts'
import { NOW, orderPlacedEvent, paymentAuthorized, stockReserved } from '../../support/builders.ts'

const placed = orderPlacedEvent()
const reserved = stockReserved()
const authorized = paymentAuthorized()

const newsOf = (events: OrderUpdate['events'], changes: Partial<OrderUpdate> = {}): OrderUpdate => ({
  ...{ events, isSettled: false, isCrowded: false },
  ...changes,
})

/** Streams what the partition says, one answer after the other; each takes as long as it says. */
const streamed = async (
  answers: (OrderUpdate | Error | undefined)[],
  {
    readsFor = Number.POSITIVE_INFINITY,
    allowedFor = Number.POSITIVE_INFINITY,
    shedAfter = Number.POSITIVE_INFINITY,
  } = {},
) => {
  const asked: (string | undefined)[] = []
  const written: string[] = []
  const left = [...answers]
  const clock = { now: NOW }
  const shed = Promise.withResolvers<'shed'>()
  await streamEvents({
    update: newsOf([placed]),
    after: undefined,
    follow: async (after, withinMs) => {
      asked.push(after)
      if (asked.length > shedAfter) {
        shed.resolve('shed')
        return await new Promise<never>(() => {})
      }
      const answer = left.shift()
      if (answer instanceof Error) throw answer
      if (answer?.events.length === 0) clock.now += withinMs
      return answer
    },
    write: async (text) => written.push(text),
    isOpen: () => asked.length < readsFor,
    isAllowed: async () => asked.length < allowedFor,
    shed: shed.promise,
    touch: () => {},
    now: () => clock.now,
    chance: () => 0.5,
    pause: async () => {},
  })
  return { asked, text: written.join(''), lines: written.map((text) => text.split('\n')[0]) }
}

const idLine = (event: { id: string }) => `id: ${event.id}`
const AWAY = new Error('the Durable Object was reset')
const NOTHING = newsOf([])

it('writes each event once, in one line of data, and ends when the order is settled', async () => {
  const { text, asked } = await streamed([newsOf([reserved]), newsOf([authorized], { isSettled: true })])
  const frames = [placed, reserved, authorized].map(
    (event) => `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
  )
  expect(text).toBe(`retry: 2000\n\n${frames.join('')}`)
  expect(asked).toEqual([placed.id, reserved.id])
})

it('says that it is alive when nothing happens, and asks again from the same event', async () => {
  const { lines, asked } = await streamed([NOTHING, newsOf([reserved], { isSettled: true })])
  expect(lines).toEqual(['retry: 2000', idLine(placed), ': keep-alive', idLine(reserved)])
  expect(asked).toEqual([placed.id, placed.id])
})

it('asks again where the partition went away, and goes on without gap or duplicate', async () => {
  const { lines, asked } = await streamed([AWAY, AWAY, newsOf([reserved], { isSettled: true })])
  expect(lines).toEqual(['retry: 2000', idLine(placed), idLine(reserved)])
  expect(asked).toEqual([placed.id, placed.id, placed.id])
})

it('ends where the partition stays away: the client comes again', async () => {
  const { lines, asked } = await streamed([AWAY, AWAY, AWAY, AWAY, newsOf([reserved])])
  expect(lines).toEqual(['retry: 2000', idLine(placed)])
  expect(asked).toHaveLength(4)
})

it('ends after five minutes', async () => {
  const { lines } = await streamed(Array.from({ length: 100 }, () => NOTHING))
  expect(lines.filter((line) => line === ': keep-alive').length * 15 * SECOND_MS).toBeLessThanOrEqual(
    300 * SECOND_MS,
  )
})

it('ends where too many wait, and asks the client to come again less often', async () => {
  const { lines } = await streamed([newsOf([], { isCrowded: true }), newsOf([reserved])])
  expect(lines).toEqual(['retry: 2000', idLine(placed), 'retry: 30000'])
})

it('ends when its reader has left', async () => {
  const { asked } = await streamed([newsOf([reserved]), newsOf([authorized])], { readsFor: 1 })
  expect(asked).toHaveLength(1)
})

it('makes room at once where another needs its place, and asks the client to come again less often', async () => {
  const { lines } = await streamed([newsOf([reserved])], { shedAfter: 1 })
  expect(lines).toEqual(['retry: 2000', idLine(placed), idLine(reserved), 'retry: 30000'])
})

it('ends at the next look where its key or read token opens it no longer', async () => {
  const { lines } = await streamed([NOTHING, newsOf([reserved])], { allowedFor: 1 })
  expect(lines).toEqual(['retry: 2000', idLine(placed)])
})
