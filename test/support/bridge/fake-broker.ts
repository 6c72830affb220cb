import type {
  BrokerMessage,
  BrokerSink,
  BrokerSource,
  OutgoingMessage,
  Rejection,
} from '../../../src/bridge/ports.ts'
import { createFaults, type Faults } from './faults.ts'

export const textMessage = (text: string, attributes: Record<string, string> = {}): BrokerMessage => ({
  body: new TextEncoder().encode(text),
  attributes,
})

/** A broker in memory: a topic for each way, an offset, and the rejected messages. */
export const createFakeBroker = (pageSize = 100) => {
  const placed: BrokerMessage[] = []
  const published: OutgoingMessage[] = []
  const rejected: { message: BrokerMessage; why: Rejection }[] = []
  let offset = 0

  const sink = (faults: Faults = createFaults()): BrokerSink => ({
    deliver: async (items) => {
      for (const item of items) await faults.meet(() => void published.push(item))
    },
    close: async () => undefined,
  })

  const source = (faults: Faults = createFaults()): BrokerSource => {
    let read = offset
    return {
      read: () =>
        faults.meet(() => {
          const page = placed.slice(offset, offset + pageSize)
          read = offset + page.length
          return page
        }),
      commit: () =>
        faults.meet(() => {
          offset = read
        }),
      rewind: async () => undefined,
      reject: (message, why) => faults.meet(() => void rejected.push({ message, why })),
      close: async () => undefined,
    }
  }

  return {
    placed,
    published,
    rejected,
    sink,
    source,
    offset: () => offset,
    isPlaced: () => offset === placed.length,
  }
}
