import { assumed } from './assumptions.ts'
import type { Clock } from './clock.ts'
import { LIMITS } from './limits.ts'

/** One thread that serves calls in the order in which they come. */
export type Server = {
  /** Takes the thread for `ms`; `done` runs after that, and after `extraMs` on the way back. */
  serve(ms: number, extraMs: number, done: () => void): void
  /** How long the thread has been taken in all. */
  busyMs(): number
  calls(): number
}

export const createServer = (clock: Clock): Server => {
  let freeAt = 0
  let busyMs = 0
  let calls = 0
  return {
    serve: (ms, extraMs, done) => {
      freeAt = Math.max(freeAt, clock.now()) + ms
      busyMs += ms
      calls += 1
      clock.at(freeAt + extraMs, done)
    },
    busyMs: () => busyMs,
    calls: () => calls,
  }
}

/** A call of an object with so many items. */
export const callObject = (server: Server, items: number, roundTripMs: number, done: () => void): void =>
  server.serve(assumed('callMs') + items * assumed('itemMs'), roundTripMs, done)

/**
 * While one run is under way, items gather for the next. The first item after a pause goes at once; a run that follows
 * another begins at least `lingerMs` after that one began.
 */
export const createGatherer = <Item>(
  clock: Clock,
  { itemsMax, lingerMs }: { itemsMax: number; lingerMs: number },
  run: (items: Item[], done: () => void) => void,
) => {
  let waiting: Item[] = []
  let isUnderWay = false
  let mayStartAt = 0
  const start = (): void => {
    const items = waiting.slice(0, itemsMax)
    waiting = waiting.slice(itemsMax)
    mayStartAt = clock.now() + lingerMs
    run(items, () => {
      if (waiting.length === 0) isUnderWay = false
      else clock.at(mayStartAt, start)
    })
  }
  return {
    add: (item: Item): void => {
      waiting.push(item)
      if (isUnderWay) return
      isUnderWay = true
      clock.at(mayStartAt, start)
    },
  }
}

export type Message<Item> = { items: Item[] }

/** A message as `src/messaging/pack.ts` fills it. */
const MESSAGE_ITEMS_MAX = Math.floor(120_000 / assumed('eventBytes'))
const OPERATION_BYTES = 64_000
/** A message is written, read and deleted once. */
const OPERATIONS_EACH = 3

/** A queue with the limits of the platform. `consume` handles one batch. */
export const createQueue = <Item>(clock: Clock, consume: (items: Item[], done: () => void) => void) => {
  const counted = { messages: 0, operations: 0, invocations: 0 }
  const intake = createServer(clock)
  const waiting: Message<Item>[] = []
  let running = 0
  const deliver = (): void => {
    const batch = waiting.splice(0, LIMITS.consumerBatch.value)
    running += 1
    counted.invocations += 1
    consume(
      batch.flatMap(({ items }) => items),
      () => {
        running -= 1
        if (waiting.length > 0) deliver()
      },
    )
  }
  const arrive = (message: Message<Item>): void => {
    waiting.push(message)
    const isFull = waiting.length >= LIMITS.consumerBatch.value
    if (running < assumed('consumersAtOnce') || (isFull && running < LIMITS.consumerInvocations.value))
      deliver()
  }
  return {
    counted,
    busyMs: intake.busyMs,
    /** `done` runs when everything is stored. */
    send: (items: readonly Item[], done: () => void): void => {
      const messages = Array.from({ length: Math.ceil(items.length / MESSAGE_ITEMS_MAX) }, (_, nth) => ({
        items: items.slice(nth * MESSAGE_ITEMS_MAX, (nth + 1) * MESSAGE_ITEMS_MAX),
      }))
      for (const message of messages) {
        counted.messages += 1
        counted.operations +=
          OPERATIONS_EACH * Math.ceil((message.items.length * assumed('eventBytes')) / OPERATION_BYTES)
        const storedAfterMs = assumed('sendMs')
        const isLast = message === messages.at(-1)
        intake.serve(1_000 / LIMITS.queueMessages.value, storedAfterMs, () => {
          clock.at(clock.now() + assumed('queueMs'), () => arrive(message))
          if (isLast) done()
        })
      }
    },
  }
}
