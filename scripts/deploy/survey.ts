// Finds out what an account has of a deployment. It changes nothing.
import { Failure } from '../failure.mjs'
import { ACCOUNT_ADVICE, NO_SUCH_BUCKET, NO_SUCH_QUEUE, NO_SUCH_WORKER } from './steps.ts'
import type { Account, Worker, Wrangler } from './types.ts'

/** Each look-up is a process of its own with some seconds of work. */
const LOOK_UPS_AT_ONCE = 4

export const EMPTY_ACCOUNT: Account = {
  queues: new Set(),
  databases: new Set(),
  buckets: new Set(),
  secretsOf: new Map(),
  openMigrations: new Map(),
}

/** Throws if one look-up fails, because the plan would be wrong. */
export const surveyAccount = async (workers: Worker[], wrangler: Wrangler): Promise<Account> => {
  const lookUp = createLookUp(wrangler)
  const databases = namesIn((await lookUp(['d1', 'list', '--json'])) ?? '')
  const queues = [...new Set(workers.flatMap(({ queues: own }) => own))]
  const migrated = workers
    .flatMap(({ config, databases: own }) => own.map((database) => ({ ...database, config })))
    .filter(({ name }) => databases.has(name))
  const buckets = workers.flatMap(({ buckets: own }) => own)
  const [secretLists, queueInfos, bucketInfos, migrationLists] = await Promise.all([
    together(workers, ({ config }) => lookUp(['secret', 'list', '-c', config], NO_SUCH_WORKER)),
    together(queues, (name) => lookUp(['queues', 'info', name], NO_SUCH_QUEUE)),
    together(buckets, (name) => lookUp(['r2', 'bucket', 'info', name], NO_SUCH_BUCKET)),
    together(migrated, ({ binding, config }) =>
      lookUp(['d1', 'migrations', 'list', binding, '--remote', '-c', config]),
    ),
  ])
  return {
    queues: new Set(queueInfos.map(([name]) => name)),
    databases,
    buckets: new Set(bucketInfos.map(([name]) => name)),
    secretsOf: new Map(secretLists.map(([{ name }, list]) => [name, namesIn(list)])),
    openMigrations: new Map(migrationLists.map(([{ name }, list]) => [name, migrationsIn(list)])),
  }
}

type LookUp = (args: string[], absent?: RegExp) => Promise<string | undefined>

/** Resolves with what wrangler printed, or with undefined where the thing is absent. */
const createLookUp = (wrangler: Wrangler): LookUp => {
  const take = createTurns(LOOK_UPS_AT_ONCE)
  return async (args, absent) => {
    const { code, output } = await take(() => wrangler(args))
    if (code === 0) return output
    if (absent?.test(output)) return undefined
    throw new Failure(
      `Nothing was changed. \`wrangler ${args.join(' ')}\` failed:\n\n${output.trim()}\n`,
      ACCOUNT_ADVICE,
    )
  }
}

/** Runs at most so many tasks at the same time. */
const createTurns = (most: number) => {
  let running = 0
  const waiting: (() => void)[] = []
  return async <Result>(task: () => Promise<Result>): Promise<Result> => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await task()
    } finally {
      // The next task takes this one's place.
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}

/** What exists of the items, each with what its look-up printed. */
const together = async <Item>(
  items: Item[],
  lookUp: (item: Item) => Promise<string | undefined>,
): Promise<[Item, string][]> => {
  const looked = await Promise.all(items.map(async (item) => [item, await lookUp(item)] as const))
  return looked.flatMap(([item, output]) => (output === undefined ? [] : [[item, output] as [Item, string]]))
}

/** The list is JSON, but wrangler may print warnings around it. */
const namesIn = (list: string): Set<string> =>
  new Set([...list.matchAll(/"name":\s*"([^"]+)"/g)].map(([, name]) => name ?? ''))

/** Wrangler prints a table of the files that are not applied yet. */
const migrationsIn = (table: string): string[] =>
  [...table.matchAll(/[\w-]+\.sql/g)].map(([name]) => name).toSorted()
