import {
  abortAllDurableObjects,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { createCountedBytes } from './counted-bytes.ts'
import { createPlaceholders } from './placeholders.ts'
import { createCollectingQueues } from './queues.ts'
import {
  CALL_MS,
  QUEUES,
  type Recorded,
  type Remains,
  SCRIPT_START,
  type Scripted,
  TABLES,
  THREW,
} from './script.ts'

/** The clock, chance and random bytes of this isolate, which the Durable Objects share. */
const ambient = { now: Date.now, random: Math.random, getRandomValues: crypto.getRandomValues }

const setClock = (at: number): void => {
  Object.assign(Date, { now: () => at })
  Object.assign(Math, { random: () => 0 })
}

export const giveClockBack = (): void => {
  Object.assign(Date, { now: ambient.now })
  Object.assign(Math, { random: ambient.random })
  Object.assign(crypto, { getRandomValues: ambient.getRandomValues })
}

/** The queues of this isolate only collect, in the bindings that the Durable Objects share. */
const collectMessages = () => {
  const queues = createCollectingQueues()
  for (const name of QUEUES) if (env[name] !== undefined) Object.assign(env[name], queues.queue(name))
  return queues.messages
}

/** Runs a script on a real Durable Object, alarms included, and says what it left. */
export const replay = async (
  service: Scripted,
  /** Anew for each use: an abort breaks those there are. */
  stubOf: () => DurableObjectStub,
  { steps }: Pick<Recorded, 'steps'>,
): Promise<Remains> => {
  const messages = collectMessages()
  const placeholders = createPlaceholders(messages)
  Object.assign(crypto, { getRandomValues: createCountedBytes() })
  const answers: unknown[] = []
  let now = SCRIPT_START
  const ringUntil = async (until: number) => {
    for (;;) {
      const alarmAt = await alarmOf(stubOf())
      if (alarmAt === null || alarmAt > until) break
      now = Math.max(now, alarmAt)
      setClock(now)
      await runDurableObjectAlarm(stubOf())
    }
    now = until
    setClock(now)
  }
  for (const [index, step] of steps.entries()) {
    const at = SCRIPT_START + step.atMs
    await ringUntil(at)
    if (step.kind === 'restart') {
      if (index % 2 === 0) await evictDurableObject(stubOf())
      else await abortAllDurableObjects()
      continue
    }
    now = at + CALL_MS
    setClock(now)
    const answer = await callOn(stubOf(), step.method, placeholders.fill(step.args)).catch(() => THREW)
    placeholders.learn(answer)
    answers.push(answer ?? null)
    await ringUntil(at + 2 * CALL_MS + 1)
  }
  return { answers, messages, rows: await rowsOf(service, stubOf()), alarmAt: await alarmOf(stubOf()) }
}

/** The test plugin keeps some names to itself: a method of such a name is called on the instance, not over RPC. */
const NOT_OVER_RPC: readonly string[] = ['test']

const callOn = async (stub: DurableObjectStub, name: string, args: readonly unknown[]): Promise<unknown> => {
  const call = (target: object): unknown => {
    const method = Reflect.get(target, name) as (...args: readonly unknown[]) => unknown
    return Reflect.apply(method, target, args)
  }
  return NOT_OVER_RPC.includes(name) ? await runInDurableObject(stub, call) : await call(stub)
}

const alarmOf = (stub: DurableObjectStub): Promise<number | null> =>
  runInDurableObject(stub, (_, state) => state.storage.getAlarm())

const rowsOf = (service: Scripted, stub: DurableObjectStub): Promise<Remains['rows']> =>
  runInDurableObject(stub, (_, state) =>
    Object.fromEntries(
      TABLES[service].map((table) => [
        table,
        state.storage.sql.exec(`SELECT * FROM ${table} ORDER BY 1`).toArray(),
      ]),
    ),
  )
