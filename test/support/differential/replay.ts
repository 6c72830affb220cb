import {
  abortAllDurableObjects,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test'
import { CALL_MS, type Recorded, type Remains, SCRIPT_START, type Scripted, TABLES, THREW } from './script.ts'

/** The clock and chance of this isolate, which the Durable Objects share. */
const ambient = { now: Date.now, random: Math.random }

const setClock = (at: number): void => {
  Object.assign(Date, { now: () => at })
  Object.assign(Math, { random: () => 0 })
}

export const giveClockBack = (): void => {
  Object.assign(Date, { now: ambient.now })
  Object.assign(Math, { random: ambient.random })
}

/** Runs a script on a real Durable Object, alarms included, and says what it left. */
export const replay = async (
  service: Scripted,
  /** Anew for each use: an abort breaks those there are. */
  stubOf: () => DurableObjectStub,
  { steps }: Pick<Recorded, 'steps'>,
): Promise<Remains> => {
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
    const stub = stubOf()
    const method = Reflect.get(stub, step.method) as (...args: unknown[]) => Promise<unknown>
    const answer = Reflect.apply(method, stub, structuredClone(step.args))
    answers.push((await answer.catch(() => THREW)) ?? null)
    await ringUntil(at + 2 * CALL_MS + 1)
  }
  return { answers, rows: await rowsOf(service, stubOf()), alarmAt: await alarmOf(stubOf()) }
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
