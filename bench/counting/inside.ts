import { AsyncLocalStorage } from 'node:async_hooks'
import { COUNTS_PATH, createCounts } from './counts.ts'

/*
 * Runs inside workerd, around a Worker that is not changed: every class and handler that the Worker exports is wrapped
 * by the entry that `entry.ts` writes. All objects of a Worker share its isolate, and so these counts.
 */

const counts = createCounts()
/** The call or handler for which code runs. */
const reasons = new AsyncLocalStorage<string>()
const reason = (): string => reasons.getStore() ?? ''

const OPERATION_BYTES = 64_000
/** A message is written, read and deleted. */
const OPERATIONS_OF_A_MESSAGE = 3
/** A call of an object is a session and a call on each side, and the request. */
const SPANS_OF_A_CALL = 5
/** What the platform adds to each message. */
const MESSAGE_METADATA_BYTES = 100

const encoder = new TextEncoder()
const bytesOf = (text: string): number => encoder.encode(text).length

for (const level of ['debug', 'info', 'log', 'warn', 'error'] as const) {
  const write = console[level].bind(console)
  console[level] = (...parts: unknown[]) => {
    counts.add('logBytes', bytesOf(parts.map(String).join(' ')), { reason: level })
    write(...parts)
  }
}

/** The table that a statement is mostly about. */
const tableOf = (query: string): string =>
  /(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM|FROM)\s+"?(\w+)/i.exec(query)?.[1] ?? ''

type Handlers = {
  fetch?(request: Request, env: object, ctx: ExecutionContext): Promise<Response>
  queue?(batch: MessageBatch, env: object, ctx: ExecutionContext): Promise<void>
  scheduled?(controller: ScheduledController, env: object, ctx: ExecutionContext): Promise<void>
}

/** The handlers of a Worker. Only HTTP requests, batches and cron events are billed: a service binding's calls are not. */
export const countHandlers = (worker: string, handlers: Handlers): Handlers => {
  const billed = (what: string): void => {
    counts.add('workerRequests', 1, { where: worker, reason: what })
    counts.add('spans', 1, { where: worker, reason: what })
  }
  const fetch = handlers.fetch?.bind(handlers)
  const queue = handlers.queue?.bind(handlers)
  const scheduled = handlers.scheduled?.bind(handlers)
  return {
    ...handlers,
    ...(fetch && {
      fetch: async (request, env, ctx) => {
        if (new URL(request.url).pathname === COUNTS_PATH) return Response.json(counts.all())
        billed('fetch')
        return await reasons.run('fetch', () => fetch(request, countedBindings(env), ctx))
      },
    }),
    ...(queue && {
      queue: async (batch, env, ctx) => {
        billed('queue')
        await reasons.run('queue', () => queue(batch, countedBindings(env), ctx))
      },
    }),
    ...(scheduled && {
      scheduled: async (controller, env, ctx) => {
        billed('scheduled')
        await reasons.run('scheduled', () => scheduled(controller, countedBindings(env), ctx))
      },
    }),
  }
}

type ObjectClass = new (ctx: DurableObjectState, env: object) => Record<string, unknown>
type EntrypointClass = new (ctx: ExecutionContext, env: object) => object

/** An entrypoint that a service binding reaches. Its calls are free. */
export const countEntrypoint = (Entrypoint: EntrypointClass): EntrypointClass =>
  class extends Entrypoint {
    constructor(ctx: ExecutionContext, env: object) {
      super(ctx, countedBindings(env))
    }
  }

/** A class of Durable Objects. Each call of a method and each alarm is a request. */
export const countObject = (name: string, Base: ObjectClass): ObjectClass => {
  const busy = new WeakMap<object, { calls: number; since: number }>()
  const activity = (object: object) => {
    const known = busy.get(object) ?? { calls: 0, since: 0 }
    busy.set(object, known)
    return known
  }
  const begin = (object: object): void => {
    const active = activity(object)
    if (active.calls === 0) active.since = performance.now()
    active.calls += 1
  }
  const end = (object: object): void => {
    const active = activity(object)
    active.calls -= 1
    if (active.calls === 0) counts.add('objectActiveMs', performance.now() - active.since, { where: name })
  }
  class Counted extends Base {
    constructor(ctx: DurableObjectState, env: object) {
      countStorage(name, ctx.storage)
      super(ctx, countedBindings(env))
    }
  }
  for (const method of Object.getOwnPropertyNames(Base.prototype).filter((own) => own !== 'constructor')) {
    const run: unknown = Base.prototype[method]
    if (typeof run !== 'function') continue
    Object.defineProperty(Counted.prototype, method, {
      value: async function (this: object, ...parameters: unknown[]): Promise<unknown> {
        counts.add('objectRequests', 1, { where: name, reason: method })
        counts.add('spans', method === 'alarm' ? 1 : SPANS_OF_A_CALL, { where: name, reason: method })
        begin(this)
        try {
          return await reasons.run(method, () => Reflect.apply(run, this, parameters))
        } finally {
          end(this)
        }
      },
    })
  }
  return Counted
}

const countStorage = (name: string, storage: DurableObjectStorage): void => {
  const { sql } = storage
  const exec = sql.exec.bind(sql)
  /** The project reads every cursor with `toArray`, and only so. */
  const countedExec = (query: string, ...bindings: unknown[]): { toArray(): unknown[] } => {
    const cursor = exec(query, ...bindings)
    const rows = cursor.toArray()
    const about = { where: name, table: tableOf(query), reason: reason() }
    counts.add('rowsWritten', cursor.rowsWritten, about)
    counts.add('rowsRead', cursor.rowsRead, about)
    counts.add('spans', 1, about)
    return { toArray: () => rows }
  }
  Object.defineProperty(sql, 'exec', { value: countedExec })
  const setAlarm = storage.setAlarm.bind(storage)
  const countedSetAlarm = async (at: number | Date): Promise<void> => {
    counts.add('rowsWritten', 1, { where: name, table: 'alarm', reason: reason() })
    counts.add('spans', 1, { where: name, table: 'alarm', reason: reason() })
    await setAlarm(at)
  }
  Object.defineProperty(storage, 'setAlarm', { value: countedSetAlarm })
}

const bindingsOf = new WeakMap<object, object>()

/** The same bindings, with those counted that cost something. The same object for the same bindings. */
const countedBindings = (env: object): object => {
  const known = bindingsOf.get(env)
  if (known !== undefined) return known
  const counted = Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, countedBinding(name, value)]),
  )
  bindingsOf.set(env, counted)
  return counted
}

const has = (value: unknown, method: string): boolean =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, method) === 'function'

const countedBinding = (name: string, value: unknown): unknown => {
  // A service binding has every method.
  if (has(value, 'anyMethodAtAll')) return value
  if (has(value, 'sendBatch')) return countedQueue(name, value as Queue)
  if (has(value, 'prepare')) return countedDatabase(name, value as D1Database)
  return value
}

type Sent = { body: unknown; contentType?: string }

const countedQueue = (name: string, queue: Queue) => {
  const count = ({ body }: Sent): void => {
    const bytes = bytesOf(typeof body === 'string' ? body : JSON.stringify(body)) + MESSAGE_METADATA_BYTES
    const about = { where: name, reason: reason() }
    counts.add('messages', 1, about)
    counts.add('messageBytes', bytes, about)
    counts.add('queueOperations', OPERATIONS_OF_A_MESSAGE * Math.ceil(bytes / OPERATION_BYTES), about)
  }
  return {
    send: async (body: unknown, options?: QueueSendOptions) => {
      count({ body })
      counts.add('spans', 1, { where: name, reason: 'send' })
      return await queue.send(body, options)
    },
    sendBatch: async (messages: Iterable<MessageSendRequest>, options?: QueueSendBatchOptions) => {
      const all = [...messages]
      for (const message of all) count(message)
      counts.add('spans', 1, { where: name, reason: 'send' })
      return await queue.sendBatch(all, options)
    },
    metrics: async () => await queue.metrics(),
  }
}

type Statement = { statement: D1PreparedStatement; query: string }

const countedDatabase = (name: string, database: D1Database) => {
  const statements = new WeakMap<object, Statement>()
  const count = (query: string, { meta }: { meta: D1Meta }): void => {
    const about = { where: name, table: tableOf(query), reason: reason() }
    counts.add('databaseCalls', 1, about)
    counts.add('rowsWritten', meta.rows_written, about)
    counts.add('rowsRead', meta.rows_read, about)
    counts.add('spans', 1, about)
  }
  const wrap = (statement: D1PreparedStatement, query: string): object => {
    const run = (method: 'all' | 'run') => async () => {
      const result = await statement[method]()
      count(query, result)
      return result
    }
    const wrapped = {
      bind: (...values: unknown[]) => wrap(statement.bind(...values), query),
      all: run('all'),
      run: run('run'),
      first: async () => (await run('all')()).results[0] ?? null,
    }
    statements.set(wrapped, { statement, query })
    return wrapped
  }
  return {
    prepare: (query: string) => wrap(database.prepare(query), query),
    batch: async (wrapped: readonly object[]) => {
      const its = wrapped.flatMap((each) => statements.get(each) ?? [])
      const results = await database.batch(its.map(({ statement }) => statement))
      for (const [index, result] of results.entries()) count(its[index]?.query ?? '', result)
      return results
    },
  }
}
