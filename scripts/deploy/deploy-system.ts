// `npm run deploy`, over ports: the account's look-up, the plan, its steps, and the first requests.
import { Failure } from '../failure.mjs'
import { findAccount, lookingUp } from './access.ts'
import { typed } from './command-line.ts'
import { type Plan, planBuilds, planDeployment } from './plan.ts'
import { publicWorkerOf } from './public-worker.ts'
import { runSteps, titleOf } from './run-steps.ts'
import { EMPTY_ACCOUNT, surveyAccount } from './survey.ts'
import type { Account, Environment, Print, Worker, Wrangler } from './types.ts'

export type DeploymentOptions = {
  workers: Worker[]
  /** Undefined for production. */
  environmentName?: string | undefined
  paymentGateway?: string | undefined
  isDryRun?: boolean
  hasSmokeOrder?: boolean
}

export type DeploymentPorts = {
  wrangler: Wrangler
  print: Print
  environment: Environment
  makeKey: () => string
  /** Resolves with the last response of the address, or with undefined once it is ready. */
  lastResponseUntilReady: (address: string) => Promise<string | undefined>
  /** Places an order and takes it back. Throws a `Failure` where that goes wrong. */
  placeSmokeOrder: (smoke: { url: string; key: string; currency: string }) => Promise<void>
}

/** Throws a `Failure` where anything is missing or goes wrong. It may be called again at any time. */
export const deploySystem = async (options: DeploymentOptions, ports: DeploymentPorts): Promise<void> => {
  if (options.isDryRun) return await rehearse(options, ports)
  const { workers, hasSmokeOrder } = options
  const { print, environment, wrangler } = ports
  const cloudflareAccount = await findAccount(wrangler, environment)
  print(lookingUp(cloudflareAccount))
  const plan = planFor(await surveyAccount(workers, wrangler), options, ports)
  if (plan.refusal !== undefined) throw new Failure('Nothing was deployed.', plan.refusal)
  const key = hasSmokeOrder ? smokeKeyOf(plan, environment) : undefined
  const currency = String(publicWorkerOf(workers).vars['DEFAULT_CURRENCY'])
  print(`Deploying ${nameOf(options)} to ${cloudflareAccount}.`)
  const [reported] = await runSteps(plan.steps, { wrangler, print, again: typed('deploy', options) })
  const address = (reported ?? environment['EDGE_ORDERS_URL'])?.replace(/\/+$/, '')
  if (!address) return endWithoutAddress(options, print)
  await waitUntilReady(address, options, ports)
  if (key !== undefined) await ports.placeSmokeOrder({ url: address, key, currency })
}

const nameOf = ({ environmentName }: DeploymentOptions): string => environmentName ?? 'production'

const planFor = (account: Account, options: DeploymentOptions, ports: DeploymentPorts) =>
  planDeployment({ ...options, account, makeKey: ports.makeKey }, ports.environment)

/** Prints the whole plan and builds every Worker. Without access to an account, the plan is that of an empty one. */
const rehearse = async (options: DeploymentOptions, ports: DeploymentPorts): Promise<void> => {
  const { print, wrangler } = ports
  const account = await tryToSurvey(options.workers, ports)
  const plan = planFor(account, options, ports)
  if (plan.steps.length === 0) throw new Failure('Nothing was deployed.', plan.refusal ?? '')
  print(`\nThe plan to deploy ${nameOf(options)}:`)
  for (const [index, step] of plan.steps.entries()) print(titleOf(step, index, plan.steps.length))
  print('')
  await runSteps(planBuilds(options.workers, account), {
    ...{ wrangler, print },
    again: typed('deploy', options, '--dry-run'),
  })
  print('\nEvery Worker builds. Nothing was deployed.')
  print(
    plan.refusal === undefined
      ? `To deploy: ${typed('deploy', options)}`
      : `The real deployment would refuse: ${plan.refusal}`,
  )
}

const tryToSurvey = async (
  workers: Worker[],
  { wrangler, environment, print }: DeploymentPorts,
): Promise<Account> => {
  try {
    const cloudflareAccount = await findAccount(wrangler, environment)
    print(lookingUp(cloudflareAccount))
    return await surveyAccount(workers, wrangler)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    print(`${error.message}\nWhat exists is unknown, so this is the plan for an empty account.`)
    return EMPTY_ACCOUNT
  }
}

/** The key for the order: it is looked for before anything is deployed. */
const smokeKeyOf = ({ steps }: Plan, environment: Environment): string => {
  const made = steps.find(({ isPublic }) => isPublic)?.secrets?.['BOOTSTRAP_KEY']
  const key = made ?? environment['EDGE_ORDERS_KEY']
  if (key) return key
  throw new Failure(
    'Nothing was deployed. The smoke order needs an API key, and the deployed one cannot be read.',
    'Set a key with every scope: export EDGE_ORDERS_KEY=…',
  )
}

/** Wrangler reports no route as an address. */
const endWithoutAddress = ({ hasSmokeOrder }: DeploymentOptions, print: Print): void => {
  const set = 'export EDGE_ORDERS_URL=https://orders.example.com'
  if (hasSmokeOrder)
    throw new Failure(
      'It is deployed. The smoke order was not placed, because the address of the system is not known.',
      `Set the address of your route, and deploy again: ${set}`,
    )
  print(
    `\nDeployed. Its address is a route that you have set up: GET /readyz there says whether it is ready. To let the next deployment ask it: ${set}`,
  )
}

const waitUntilReady = async (
  address: string,
  { workers }: DeploymentOptions,
  { print, lastResponseUntilReady }: DeploymentPorts,
): Promise<void> => {
  print(`\nDeployed to ${address}\nIt may take a minute until it is ready.`)
  const lastResponse = await lastResponseUntilReady(address)
  if (lastResponse !== undefined)
    throw new Failure(
      `It is deployed but not ready. The last response of ${address}/readyz: ${lastResponse}.`,
      `A new address may need some minutes: try it again. \`npx wrangler tail ${publicWorkerOf(workers).name}\` shows the log of the order Worker.`,
    )
  print('It is ready for orders.')
}
