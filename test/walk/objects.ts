import { createInMemorySql } from '../support/in-memory-sql.ts'
import { createTransact } from '../support/transact.ts'

type ObjectClass = new (state: DurableObjectState, env: never) => object

type Alarm = { at: number | null }

/** What runs on beside the calls of the Workers. */
export type Background = { add(work: Promise<unknown>): void }

/** A namespace of Durable Objects on this thread. Each has its own database in memory; its alarm rings when it is told to. */
export const namespaceOf = (Class: ObjectClass, env: object, background: Background) => {
  const objects = new Map<string, object>()
  const alarms = new Map<string, Alarm>()
  return {
    idFromName: (name: string) => ({ name }),
    getByName: (name: string) => {
      const alarm = alarms.get(name) ?? { at: null }
      alarms.set(name, alarm)
      const object = objects.get(name) ?? new Class(stateOf(name, background, alarm), env as never)
      objects.set(name, object)
      return stubOf(object)
    },
    /** Rings the alarms whose time has come. */
    ringDue: async (): Promise<void> => {
      for (const [name, alarm] of alarms) {
        if (alarm.at === null || alarm.at > Date.now()) continue
        alarm.at = null
        await (objects.get(name) as { alarm?(): Promise<void> }).alarm?.()
      }
    },
  }
}

/** Every call is asynchronous, as it is over the network. */
const stubOf = (object: object) =>
  new Proxy(object, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name)
      return typeof method === 'function'
        ? async (...parameters: unknown[]) => Reflect.apply(method, target, parameters)
        : method
    },
  })

const stateOf = (name: string, background: Background, alarm: Alarm): DurableObjectState => {
  const sql = createInMemorySql()
  return {
    id: { name, equals: (other: { name: string }) => other.name === name },
    storage: {
      sql: { exec: (query: string, ...bindings: never[]) => ({ toArray: () => sql(query, ...bindings) }) },
      transactionSync: createTransact(sql),
      setAlarm: async (at: number) => {
        alarm.at = at
      },
      getAlarm: async () => alarm.at,
    },
    waitUntil: background.add,
    blockConcurrencyWhile: async (work: () => Promise<unknown>) => await work(),
  } as unknown as DurableObjectState
}
