// The steps of `npm run deploy`, their order, and the reasons to refuse. Pure: deploy.mjs runs the steps.
import { refuseDemo } from '../single-deployment.mjs'
import { refuseGateway, refuseKey, refuseSettings } from './refusals.ts'
import {
  createDatabase,
  createQueue,
  deployWorker,
  dryRun,
  findSecrets,
  findStorageKey,
  migrate,
} from './steps.ts'
import type { Environment, Step, Worker } from './types.ts'

/** `workers` are in the order of deployment: the Workers that a Worker is bound to come before it. */
export type Options = { workers: Worker[]; isDryRun: boolean; paymentGateway?: string | undefined }

export type Plan = { refusal: string } | { steps: Step[]; notes: string[] }

/**
 * Refuses before any command runs, or lists the steps. Their order works in an empty account, and changes nothing that
 * exists already in a full one.
 */
export const planDeployment = (options: Options, environment: Environment): Plan => {
  const { workers, isDryRun } = options
  const gateway = options.paymentGateway ?? environment['PAYMENT_GATEWAY']
  const demo = workers.map(({ config, vars }) => refuseDemo(config, vars)).find(Boolean)
  if (demo !== undefined) return { refusal: demo }
  const refusal = refuseSettings(workers) ?? refuseGateway(gateway) ?? refuseKey(environment['BOOTSTRAP_KEY'])
  if (isDryRun) return { steps: workers.map(dryRun), notes: refusal === undefined ? [] : [refusal] }
  if (refusal !== undefined) return { refusal }
  return { steps: stepsOf(workers, { gateway, environment }), notes: [] }
}

type Choices = { gateway: string | undefined; environment: Environment }

const stepsOf = (workers: Worker[], { gateway, environment }: Choices): Step[] => [
  ...workers.flatMap((worker) => findSecrets(worker, environment)),
  ...workers.filter(({ hasStorageKey }) => hasStorageKey).map(findStorageKey),
  // Every queue before the first Worker: the Workers send to each other in a circle, and the queue that a Worker
  // consumes must exist.
  ...[...new Set(workers.flatMap(({ queues }) => queues))].map(createQueue),
  ...workers.flatMap(({ databases }) => databases.map(createDatabase)),
  ...workers.flatMap(({ config, databases }) => databases.map(({ binding }) => migrate(config, binding))),
  ...workers.map((worker) => deployWorker(worker, { gateway, environment })),
]
