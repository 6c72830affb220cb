import { setTimeout as sleep } from 'node:timers/promises'
import type { System } from '../crash/system.ts'
import { type Call, createCall, oneOf } from './caller.ts'
import { quantiles, usageOf } from './figures.ts'
import { type Followed, openStreams } from './streams.ts'
import { keepUndecided } from './undecided.ts'

const ORDERS = 50
const PROBES = 40
/** Before any of the orders is decided: the slow bank takes two seconds. */
const KILLED_AFTER_MS = 500
const HELD_FOR_MS = 10_000

type Drill = { system: System; url: string; key: string; stateDir: string; count: number }

/** The cost of thousands of live streams on pending orders, for the system and for its other clients. */
export const holdStreams = async ({ system, url, key, stateDir, count }: Drill): Promise<void> => {
  const call = createCall(url, key)
  const orders = await placeUndecided({ system, call, stateDir })
  const life = system.start()
  await life.ready
  await probe(call)
  console.log(`before: ${await probe(call)}\n  ${usageOf(life.group)}`)
  const startedAt = Date.now()
  const streams = await openStreams(url, orders, count)
  console.log(`${count} streams within ${Date.now() - startedAt} ms: ${streams.summary()}`)
  console.log(`meanwhile: ${await probe(call)}\n  ${usageOf(life.group)}`)
  await sleep(HELD_FOR_MS)
  console.log(`ten seconds later: ${await probe(call)}; ${streams.summary()}\n  ${usageOf(life.group)}`)
  const killedAt = Date.now()
  await system.kill(life)
  await system.start().ready
  console.log(`killed, and ready again after ${Date.now() - killedAt} ms: ${await probe(call)}`)
  streams.close()
}

const placeUndecided = async ({
  system,
  call,
  stateDir,
}: {
  system: System
  call: Call
  stateDir: string
}): Promise<Followed[]> => {
  const life = system.start()
  await life.ready
  const slow = { ...oneOf('P001'), payment: { token: 'pm_sim_slow' } }
  const placed = await Promise.all(Array.from({ length: ORDERS }, () => call('POST', '/orders', slow)))
  await sleep(KILLED_AFTER_MS)
  await system.kill(life)
  keepUndecided(stateDir)
  return placed.map(({ body }) => ({ orderId: String(body.orderId), readToken: String(body.readToken) }))
}

/** The time that orders and reads of other clients take at this moment, one after the other. */
const probe = async (call: Call): Promise<string> => {
  const writes: number[] = []
  const reads: number[] = []
  for (let done = 0; done < PROBES; done += 1) {
    const placed = await call('POST', '/orders', oneOf('P002'))
    if (placed.status !== 202) throw new Error(`POST /orders got ${placed.status}`)
    writes.push(placed.tookMs)
    const read = await call('GET', `/orders/${placed.body.orderId}`)
    if (read.status !== 200) throw new Error(`GET got ${read.status}`)
    reads.push(read.tookMs)
  }
  return `POST /orders ${quantiles(writes)}, GET ${quantiles(reads)}`
}
