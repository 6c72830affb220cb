// `npm run deploy`: runs the steps of deploy/plan.ts, and stops at the first step that fails.
import { parseArgs } from 'node:util'
import { planDeployment } from './deploy/plan.ts'
import { lastResponseUntilReady } from './deploy/readiness.ts'
import { beginDeployment, runStep } from './deploy/run-step.ts'
import { readWorkers } from './deploy/workers.ts'
import { Failure } from './failure.mjs'

const main = async () => {
  const { isDryRun, paymentGateway } = readArguments()
  const plan = planDeployment({ workers: readWorkers(), isDryRun, paymentGateway }, process.env)
  if ('refusal' in plan) throw new Failure('Nothing was deployed.', plan.refusal)
  for (const note of plan.notes) console.log(`The real deployment would refuse: ${note}\n`)
  const deployment = beginDeployment()
  const addresses = []
  for (const [index, step] of plan.steps.entries()) {
    console.log(`[${index + 1}/${plan.steps.length}] ${step.title}`)
    addresses.push(...(await runStep(step, deployment)))
  }
  if (isDryRun) return console.log('\nEvery Worker builds. Nothing was deployed.')
  await waitUntilReady(addresses[0])
}

const readArguments = () => {
  const { values } = parseArgs({
    options: { 'dry-run': { type: 'boolean', default: false }, 'payment-gateway': { type: 'string' } },
  })
  return { isDryRun: values['dry-run'], paymentGateway: values['payment-gateway'] }
}

/** @param {string | undefined} address */
const waitUntilReady = async (address) => {
  if (address === undefined)
    return console.log(
      '\nDeployed. Its address is a route that you have set up: GET /readyz there says whether it is ready.',
    )
  console.log(`\nDeployed to ${address}`)
  const lastResponse = await lastResponseUntilReady(`${address}/readyz`)
  if (lastResponse === undefined) return console.log('It is ready for orders.')
  throw new Failure(
    `It is deployed but not ready. The last response of ${address}/readyz: ${lastResponse}.`,
    'A new address may need some minutes: try it again. `npx wrangler tail edge-orders` shows the log of the order Worker.',
  )
}

/** @param {unknown} error */
const isBadArgument = (error) =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')

main().catch((/** @type {unknown} */ error) => {
  const isExpected = error instanceof Failure || isBadArgument(error)
  console.error(isExpected && error instanceof Error ? error.message : error)
  process.exit(1)
})
