// Finds out what an account has of a deployment. It changes nothing.
import { Failure } from '../failure.mjs'
import {
  ACCOUNT_ADVICE,
  NO_R2,
  NO_SUCH_BUCKET,
  NO_SUCH_QUEUE,
  NO_SUCH_WORKER,
  NOT_ALLOWED,
  R2_ADVICE,
} from './steps.ts'
import type { Account, Worker, Wrangler } from './types.ts'

/** Each look-up is a process of its own with some seconds of work. */
const LOOK_UPS_AT_ONCE = 4

export const EMPTY_ACCOUNT: Account = {
  queues: new Set(),
  databases: new Set(),
  buckets: new Set(),
  hiddenBuckets: new Set(),
  secretsOf: new Map(),
  openMigrations: new Map(),
}

/** Throws if one look-up fails, because the plan would be wrong. */
export const surveyAccount = async (workers: Worker[], wrangler: Wrangler): Promise<Account> => {
  const lookUp = createLookUp(wrangler)
  const databases = namesIn((await lookUp(['d1', 'list', '--json'])).output)
  const queues = [...new Set(workers.flatMap(({ queues: own }) => own))]
  const migrated = workers
    .flatMap(({ config, databases: own }) => own.map((database) => ({ ...database, config })))
    .filter(({ name }) => databases.has(name))
  const buckets = workers.flatMap(({ buckets: own }) => own)
  const idleBuckets = workers.flatMap(({ idleArchive }) => idleArchive?.bucket ?? [])
  const [secretLists, queueInfos, bucketInfos, idle, migrationLists] = await Promise.all([
    together(workers, ({ config }) => lookUp(['secret', 'list', '-c', config], NO_SUCH_WORKER)),
    together(queues, (name) => lookUp(['queues', 'info', name], NO_SUCH_QUEUE)),
    together(buckets, (name) => lookUp(bucketInfo(name), NO_SUCH_BUCKET)),
    lookForIdle(idleBuckets, lookUp),
    together(migrated, ({ binding, config }) =>
      lookUp(['d1', 'migrations', 'list', binding, '--remote', '-c', config]),
    ),
  ])
  return {
    queues: new Set(queueInfos.map(([name]) => name)),
    databases,
    buckets: new Set([...bucketInfos.map(([name]) => name), ...idle.existing]),
    hiddenBuckets: new Set(idle.hidden),
    secretsOf: new Map(secretLists.map(([{ name }, list]) => [name, namesIn(list)])),
    openMigrations: new Map(migrationLists.map(([{ name }, list]) => [name, migrationsIn(list)])),
  }
}

const bucketInfo = (name: string): string[] => ['r2', 'bucket', 'info', name]

const NO_IDLE_BUCKET = new RegExp([NO_SUCH_BUCKET, NO_R2, NOT_ALLOWED].map(({ source }) => source).join('|'))

/** Nothing needs these buckets. An account without R2 has none, and a token without its permission does not see them. */
const lookForIdle = async (names: string[], lookUp: LookUp) => {
  const looks = await Promise.all(
    names.map(async (name) => ({ name, ...(await lookUp(bucketInfo(name), NO_IDLE_BUCKET)) })),
  )
  const namesWhere = (isWanted: (look: Look) => boolean) => looks.filter(isWanted).map(({ name }) => name)
  return {
    existing: namesWhere(({ isAbsent }) => !isAbsent),
    hidden: namesWhere(({ isAbsent, output }) => isAbsent && NOT_ALLOWED.test(output)),
  }
}

/** What wrangler printed about a thing. */
type Look = { output: string; isAbsent: boolean }

type LookUp = (args: string[], absent?: RegExp) => Promise<Look>

const createLookUp = (wrangler: Wrangler): LookUp => {
  const take = createTurns(LOOK_UPS_AT_ONCE)
  return async (args, absent) => {
    const { code, output } = await take(() => wrangler(args))
    const isAbsent = code !== 0 && absent?.test(output) === true
    if (code === 0 || isAbsent) return { output, isAbsent }
    throw new Failure(
      `Nothing was changed. \`wrangler ${args.join(' ')}\` failed:\n\n${output.trim()}\n`,
      args[0] === 'r2' ? `${R2_ADVICE} ${ACCOUNT_ADVICE}` : ACCOUNT_ADVICE,
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
  lookUp: (item: Item) => Promise<Look>,
): Promise<[Item, string][]> => {
  const looked = await Promise.all(items.map(async (item) => ({ item, ...(await lookUp(item)) })))
  return looked.flatMap(({ item, output, isAbsent }) => (isAbsent ? [] : [[item, output] as [Item, string]]))
}

/** The list is JSON, but wrangler may print warnings around it. */
const namesIn = (list: string): Set<string> =>
  new Set([...list.matchAll(/"name":\s*"([^"]+)"/g)].map(([, name]) => name ?? ''))

/** Wrangler prints a table of the files that are not applied yet. */
const migrationsIn = (table: string): string[] =>
  [...table.matchAll(/[\w-]+\.sql/g)].map(([name]) => name).toSorted()
