// `npm run deploy`: makes what an account lacks, and deploys the Workers.
import { parseArgs } from 'node:util'
import { deploySystem } from './deploy/deploy-system.ts'
import { lastResponseUntilReady } from './deploy/readiness.ts'
import { placeSmokeOrder } from './deploy/smoke-order.ts'
import { readWorkers } from './deploy/workers.ts'
import { createWrangler } from './deploy/wrangler-command.ts'
import { makeStorageKey } from './dev-vars.mjs'
import { endWith } from './failure.mjs'

const USAGE = `npm run deploy -- [--env NAME] [--payment-gateway NAME] [--dry-run] [--smoke]

  --env NAME              a second deployment with names of its own, such as staging
  --payment-gateway NAME  the bank, like the variable PAYMENT_GATEWAY
  --dry-run               prints every step and what exists, builds the Workers, and deploys nothing
  --smoke                 places an order at the end, and takes it back`

const main = async () => {
  const { values } = parseArgs({
    options: {
      env: { type: 'string' },
      'payment-gateway': { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(USAGE)
  await deploySystem(
    {
      workers: readWorkers(values.env),
      environmentName: values.env,
      paymentGateway: values['payment-gateway'],
      isDryRun: values['dry-run'],
      hasSmokeOrder: values.smoke,
    },
    {
      wrangler: createWrangler(),
      print: console.log,
      environment: process.env,
      makeKey: makeStorageKey,
      lastResponseUntilReady: (address) => lastResponseUntilReady(`${address}/readyz`),
      placeSmokeOrder: (smoke) => placeSmokeOrder(smoke, console.log),
    },
  )
}

main().catch(endWith)
