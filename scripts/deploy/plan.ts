// The steps of `npm run deploy`, their order, and the reasons to refuse. Pure: deploy-system.ts runs the steps.
import { GATEWAYS } from '../../src/payment/gateways.ts'
import { refuseDemo } from '../single-deployment.mjs'
import { typed } from './command-line.ts'
import { planIdleArchive, withKeptArchive } from './idle-archive.ts'
import { isGateway, refuseGateway, refuseKey, refuseMissingSecrets, refuseSettings } from './refusals.ts'
import { build, createBucket, createDatabase, createQueue, deployWorker, migrate } from './steps.ts'
import type { Account, Environment, Step, Worker } from './types.ts'

export type Options = {
  /** In the order of deployment: the Workers that a Worker is bound to come before it. */
  workers: Worker[]
  account: Account
  paymentGateway?: string | undefined
  /** Undefined for production. */
  environmentName?: string | undefined
  /** Makes 32 random bytes as text. */
  makeKey: () => string
}

/** `refusal` says why the steps may not run. A demo has no steps at all. */
export type Plan = { steps: Step[]; refusal: string | undefined }

/** The secrets of the payment Worker that a gateway needs, from the environment of the first deployment. */
const SECRETS_OF_GATEWAY: Record<(typeof GATEWAYS)[number], readonly string[]> = {
  simulator: [],
  stripe: ['STRIPE_SECRET_KEY'],
}

/** The order of the steps works in an empty account. In a full one, they change nothing that exists already. */
export const planDeployment = (options: Options, environment: Environment): Plan => {
  const { account } = options
  const workers = options.workers.map((worker) => withKeptArchive(worker, account))
  const gateway = options.paymentGateway ?? environment['PAYMENT_GATEWAY'] ?? ''
  const demo = workers.map(({ config, vars }) => refuseDemo(config, vars)).find(Boolean)
  if (demo !== undefined) return { steps: [], refusal: demo }
  const bankSecrets = isGateway(gateway) ? SECRETS_OF_GATEWAY[gateway] : []
  const refusal =
    refuseSettings(workers) ??
    refuseGateway(gateway, typed('deploy', { ...options, paymentGateway: GATEWAYS[0] })) ??
    refuseKey(environment['BOOTSTRAP_KEY']) ??
    refuseMissingSecrets({ workers, account, bankSecrets }, environment)
  return { steps: stepsOf({ ...options, workers }, { gateway, bankSecrets, environment }), refusal }
}

type Chosen = { gateway: string; bankSecrets: readonly string[]; environment: Environment }

const stepsOf = ({ workers, account, makeKey }: Options, chosen: Chosen): Step[] => [
  // Every queue before the first Worker: the Workers send to each other in a circle, and the queue that a Worker
  // consumes must exist.
  ...[...new Set(workers.flatMap(({ queues }) => queues))].map((queue) => createQueue(queue, account)),
  ...workers.flatMap(({ databases }) => databases.map((database) => createDatabase(database, account))),
  ...workers.flatMap(({ buckets }) => buckets.map((bucket) => createBucket(bucket, account))),
  ...workers.flatMap((worker) => planIdleArchive(worker, account)),
  ...workers.flatMap((worker) => worker.databases.map((database) => migrate(worker, database, account))),
  ...workers.map((worker) => deployWorker(worker, { ...chosen, account, makeKey })),
]

/** What a dry run does instead. */
export const planBuilds = (workers: Worker[], account: Account): Step[] =>
  workers.map((worker) => build(withKeptArchive(worker, account)))
