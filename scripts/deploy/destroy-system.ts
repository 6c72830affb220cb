// `npm run destroy`, over ports: takes a deployment down, with its data.
import { findAccount, lookingUp } from './access.ts'
import { typed } from './command-line.ts'
import { publicWorkerOf } from './public-worker.ts'
import { runSteps, titleOf } from './run-steps.ts'
import { ACCOUNT_ADVICE, NO_SUCH_QUEUE } from './steps.ts'
import { surveyAccount } from './survey.ts'
import type { Account, Environment, Print, Step, Worker, Wrangler } from './types.ts'

export type DestructionOptions = {
  /** In the order of deployment. */
  workers: Worker[]
  /** Undefined for production. */
  environmentName?: string | undefined
  isDryRun?: boolean
}

export type DestructionPorts = {
  wrangler: Wrangler
  print: Print
  environment: Environment
  /** Resolves with whether the user wants it. `name` is that of the public Worker. */
  confirm: (name: string) => Promise<boolean>
}

/** Throws a `Failure` where a step goes wrong. It may be called again at any time. */
export const destroySystem = async (options: DestructionOptions, ports: DestructionPorts): Promise<void> => {
  const { workers, isDryRun } = options
  const { wrangler, print, environment, confirm } = ports
  const cloudflareAccount = await findAccount(wrangler, environment)
  print(lookingUp(cloudflareAccount))
  const account = await surveyAccount(workers, wrangler)
  const steps = planDestruction(workers, account)
  const { name } = publicWorkerOf(workers)
  const kept = keptBuckets(workers, account)
  if (steps.length === 0)
    return print([`There is nothing of ${name} in ${cloudflareAccount}.`, ...kept].join(' '))
  print(`To be deleted: ${name} in ${cloudflareAccount}, with all orders, payments, stock and events.`)
  for (const [index, step] of steps.entries()) print(titleOf(step, index, steps.length))
  for (const sentence of kept) print(sentence)
  if (isDryRun) return print('\nNothing was deleted.')
  if (!(await confirm(name))) return print('\nNothing was deleted.')
  print('')
  await runSteps(steps, { wrangler, print, again: typed('destroy', options) })
  print([`\n${name} is gone.`, ...kept].join(' '))
}

/** A sentence for each archive. Cloudflare deletes no bucket that has orders in it, and they are the only copy. */
const keptBuckets = (workers: Worker[], { buckets }: Account): string[] =>
  workers
    .flatMap(({ buckets: own, idleArchive }) => [...own, idleArchive?.bucket])
    .filter((name) => name !== undefined && buckets.has(name))
    .map((name) => `Its archive stays: the bucket ${name}.`)

/** Wrangler's messages where another process was faster. Those of the API end in a code. */
const NO_SUCH_DATABASE = /Couldn't find (a D1 )?DB/
const NO_WORKER = /code: 10007|code: 10090/
const NO_CONSUMER = /No worker consumer|Queue "[^"]*" does not exist/

/**
 * The public Worker goes first, so that no order arrives while the others go. Cloudflare deletes no Worker that consumes
 * a queue, and no queue that a Worker is bound to.
 */
const planDestruction = (workers: Worker[], account: Account): Step[] => {
  const deployed = workers.filter(({ name }) => account.secretsOf.has(name)).toReversed()
  const existing = (queue: string) => account.queues.has(queue)
  const queues = [...new Set(workers.flatMap(({ queues: own }) => own))].filter(existing)
  const databases = workers.flatMap(({ databases: own }) => own.map(({ name }) => name))
  return [
    ...deployed.flatMap((worker) => [
      ...worker.consumes.filter(existing).map((queue) => removeConsumer(queue, worker)),
      deleteWorker(worker),
    ]),
    ...queues.map(deleteQueue),
    ...databases.filter((name) => account.databases.has(name)).map(deleteDatabase),
  ]
}

const removeConsumer = (queue: string, { name }: Worker): Step => ({
  title: `Take the queue ${queue} from ${name}`,
  command: ['wrangler', 'queues', 'consumer', 'remove', queue, name],
  tolerate: NO_CONSUMER,
  advice: ACCOUNT_ADVICE,
})

const deleteWorker = ({ name }: Worker): Step => ({
  title: `Delete the Worker ${name}, with its partitions`,
  command: ['wrangler', 'delete', '--name', name],
  tolerate: NO_WORKER,
  advice: ACCOUNT_ADVICE,
})

const deleteQueue = (name: string): Step => ({
  title: `Delete the queue ${name}`,
  command: ['wrangler', 'queues', 'delete', name],
  tolerate: NO_SUCH_QUEUE,
  advice: ACCOUNT_ADVICE,
})

const deleteDatabase = (name: string): Step => ({
  title: `Delete the database ${name}`,
  command: ['wrangler', 'd1', 'delete', name, '--skip-confirmation'],
  tolerate: NO_SUCH_DATABASE,
  advice: ACCOUNT_ADVICE,
})
