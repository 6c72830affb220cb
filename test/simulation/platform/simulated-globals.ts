import type { Actor, Scheduler, Timer } from './scheduler.ts'
import { subtle } from './subtle.ts'

/**
 * The adapters in front of the partitions read the clock, chance and timers of their platform. While a world runs,
 * these are the world's: each actor has its own clock and chance, and a timer is one more event of the heap. Outside an
 * actor they throw, so that the machine below the world decides nothing.
 */
export const withSimulatedGlobals = async <Value>(
  scheduler: Scheduler,
  { log, fetch }: { log(line: string): void; fetch: typeof globalThis.fetch },
  run: () => Promise<Value>,
): Promise<Value> => {
  const real = {
    now: Date.now,
    random: Math.random,
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    setInterval: globalThis.setInterval,
    fetch: globalThis.fetch,
    randomUUID: crypto.randomUUID,
    getRandomValues: crypto.getRandomValues,
    subtle: methodsOf(crypto.subtle),
    info: console.info,
    warn: console.warn,
    error: console.error,
  }
  const timers = new Map<number, Timer>()
  const acting = (what: string): Actor => {
    const actor = scheduler.acting
    if (actor === undefined) throw new Error(`${what} was used outside every actor of the world`)
    return actor
  }
  let timersMade = 0
  Object.assign(Date, { now: () => acting('Date.now').now() })
  Object.assign(Math, { random: () => acting('Math.random').chance() })
  Object.assign(globalThis, {
    setTimeout: (callback: () => void, ms = 0) => {
      timersMade += 1
      timers.set(timersMade, scheduler.after(ms, acting('setTimeout'), callback))
      return timersMade
    },
    clearTimeout: (timer: number | null) => {
      if (timer === null) return
      timers.get(timer)?.cancel()
      timers.delete(timer)
    },
    setInterval: () => trapped('setInterval'),
    fetch,
  })
  Object.assign(crypto, {
    randomUUID: () => trapped('crypto.randomUUID'),
    getRandomValues: (bytes: Uint8Array) => {
      const actor = acting('crypto.getRandomValues')
      return bytes.map(() => Math.floor(actor.chance() * 256))
    },
  })
  Object.assign(crypto.subtle, subtle)
  Object.assign(console, { info: log, warn: log, error: log })
  try {
    return await run()
  } finally {
    Object.assign(Date, { now: real.now })
    Object.assign(Math, { random: real.random })
    Object.assign(globalThis, {
      setTimeout: real.setTimeout,
      clearTimeout: real.clearTimeout,
      setInterval: real.setInterval,
      fetch: real.fetch,
    })
    Object.assign(crypto, { randomUUID: real.randomUUID, getRandomValues: real.getRandomValues })
    Object.assign(crypto.subtle, real.subtle)
    Object.assign(console, { info: real.info, warn: real.warn, error: real.error })
  }
}

const methodsOf = (real: SubtleCrypto) => {
  const { digest, importKey, deriveBits, deriveKey, encrypt, decrypt } = real
  return { digest, importKey, deriveBits, deriveKey, encrypt, decrypt }
}

const trapped = (what: string): never => {
  throw new Error(`${what} has no place in a world`)
}
