// The checks before a `wrangler deploy` of the order Worker alone.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'smol-toml'
import { z } from 'zod'
import { Failure } from './failure.mjs'
import { ROOT } from './wrangler.mjs'

/** `npm run deploy` sets this for its commands. */
export const WHOLE_DEPLOYMENT = 'EDGE_ORDERS_WHOLE_DEPLOYMENT'

const FOUR_WORKERS = `edge-orders has four Workers with queues and databases between them. This command deploys one of them.
\`npm run deploy\` deploys all four in the right order. Use it unless the other three are already deployed.`

const configuration = z.object({ vars: z.record(z.string(), z.unknown()).default({}) })

/** @param {NodeJS.ProcessEnv} environment */
export const checkDeployment = (environment) => {
  const { vars } = configuration.parse(parse(readFileSync(join(ROOT, 'wrangler.toml'), 'utf8')))
  const refusal = refuseDemo('wrangler.toml', vars)
  if (refusal !== undefined) throw new Failure('Nothing was deployed.', refusal)
  if (!environment[WHOLE_DEPLOYMENT]) console.log(FOUR_WORKERS)
}

/**
 * A demo accepts the development key, which is public in the repository.
 * @param {string} config
 * @param {Record<string, unknown>} vars
 * @returns {string | undefined} why nothing may be deployed
 */
export const refuseDemo = (config, { DEMO_CATALOGUE = 'false' }) =>
  String(DEMO_CATALOGUE) === 'false'
    ? undefined
    : `DEMO_CATALOGUE is "${DEMO_CATALOGUE}" in ${config}, so that the key in the repository opens everything. Set it to "false" there. On this machine .dev.vars sets it to true.`
