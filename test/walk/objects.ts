import { createInMemorySql } from '../support/in-memory-sql.ts'
import { createTransact } from '../support/transact.ts'

type ObjectClass = new (state: DurableObjectState, env: never) => object

/** What runs on beside the calls of the Workers. */
export type Background = { add(work: Promise<unknown>): void }

/** A namespace of Durable Objects on this thread. Each has its own database in memory; its alarm never rings. */
export const namespaceOf = (Class: ObjectClass, env: object, background: Background) => {
  const objects = new Map<string, object>()
  return {
    idFromName: (name: string) => ({ name }),
    getByName: (name: string) => {
      const object = objects.get(name) ?? new Class(stateOf(name, background), env as never)
      objects.set(name, object)
      return stubOf(object)
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

const stateOf = (name: string, background: Background): DurableObjectState => {
  const sql = createInMemorySql()
  const alarm: { at: number | null } = { at: null }
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
