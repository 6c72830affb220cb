import { afterAll, beforeAll, expect, it } from 'vitest'
import { outgoingMessage } from '../../../src/bridge/outgoing-message.ts'
import type { BrokerMessage, BrokerSink, BrokerSource, OutgoingMessage } from '../../../src/bridge/ports.ts'
import { feedEvent } from './fake-feed.ts'

/** An adapter over a broker that runs. Each has a queue of its own. */
export type BrokerUnderTest = {
  openSource(): BrokerSource
  openSink(): BrokerSink
  /** As a producer does, in this sequence. */
  send(bodies: readonly string[]): Promise<void>
  /** What the sink has published so far, oldest first: the bodies. */
  published(): Promise<string[]>
  rejected(): Promise<{ body: string; code: string; detail: string }[]>
  stop(): Promise<void>
}

/** The same for a bridge that runs as a process. */
export type BrokerOfBridge = BrokerUnderTest & {
  environment: Record<string, string>
  flagsIn: string[]
  flagsOut: string[]
}

/** What the bridge's loop relies on, whichever the broker. */
export const describeBroker = (start: () => Promise<BrokerUnderTest>): void => {
  let broker: BrokerUnderTest
  beforeAll(async () => {
    broker = await start()
  })
  afterAll(() => broker.stop())

  it('reads what producers wrote, in order and byte for byte, and never again after a commit', async () => {
    await broker.send(BODIES)
    const first = broker.openSource()
    expect((await readAll(first, BODIES.length)).map(textOf)).toEqual(BODIES)
    await first.close()
    await broker.send(['after the commit'])
    const second = broker.openSource()
    expect((await readAll(second, 1)).map(textOf)).toEqual(['after the commit'])
    await second.close()
  })

  it('reads a page again after a rewind, and in a later bridge after an end without a commit', async () => {
    await broker.send(['1', '2', '3'])
    const first = broker.openSource()
    expect(await pageOf(first)).toEqual(['1', '2', '3'])
    await first.rewind('a test')
    expect(await pageOf(first)).toEqual(['1', '2', '3'])
    await first.close()
    const second = broker.openSource()
    expect(await pageOf(second)).toEqual(['1', '2', '3'])
    await second.commit()
    await second.close()
  })

  it('keeps a rejected message with its reason, and goes on', async () => {
    const why = { code: 'unknown_product', detail: 'There is no product “P9”.' }
    await broker.send(['good', '{ bad'])
    const source = broker.openSource()
    const page = await source.read()
    const [, bad] = page
    if (bad === undefined) throw new Error('The second message is missing.')
    await source.reject(bad, why)
    await source.commit()
    expect(await broker.rejected()).toEqual([{ body: '{ bad', ...why }])
    await broker.send(['next'])
    expect(await pageOf(source)).toEqual(['next'])
    await source.commit()
    await source.close()
  })

  it('publishes whole events with the mark, those of an order in order', async () => {
    const sink = broker.openSink()
    const messages = interleaved(7, 4)
    await sink.deliver(messages)
    await sink.close()
    const published = (await broker.published()).map((body): unknown => JSON.parse(body))
    expect(published).toHaveLength(messages.length)
    for (const key of new Set(messages.map((message) => message.key))) {
      expect(published.filter((event) => isOf(event, key))).toEqual(
        messages.filter((message) => message.key === key).map(({ structured }) => JSON.parse(structured)),
      )
    }
    expect(published.every((event) => hasMark(event))).toBe(true)
  })
}

/** Spaces, digits after the point and other scripts stay. */
const BODIES = [
  '{"orderId": "1", "totalAmount": 150.00}',
  '{"orderId":"2","note":"Žluťoučký kůň"}',
  ...Array.from({ length: 23 }, (_, index) => `{"orderId":"${index + 3}"}`),
]

/** In as many pages as it takes. */
const readAll = async (source: BrokerSource, count: number): Promise<BrokerMessage[]> => {
  const messages: BrokerMessage[] = []
  while (messages.length < count) {
    messages.push(...(await source.read()))
    await source.commit()
  }
  return messages
}

const textOf = ({ body }: BrokerMessage): string => new TextDecoder().decode(body)

const pageOf = async (source: BrokerSource): Promise<string[]> => {
  for (;;) {
    const page = await source.read()
    if (page.length > 0) return page.map(textOf)
  }
}

/** Events of some orders: the first of each, then the second of each. */
const interleaved = (orders: number, eventsEach: number): OutgoingMessage[] =>
  Array.from({ length: eventsEach }, (_, sequence) =>
    Array.from({ length: orders }, (__, order) => outgoingMessage(feedEvent(`ord_${order}`, sequence + 1))),
  ).flat()

const isOf = (event: unknown, key: string): boolean =>
  typeof event === 'object' && event !== null && 'partitionkey' in event && event.partitionkey === key

const hasMark = (event: unknown): boolean =>
  typeof event === 'object' && event !== null && 'publishedby' in event && event.publishedby === 'edge-orders'
