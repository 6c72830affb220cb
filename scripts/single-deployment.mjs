// What a `wrangler deploy` of the order Worker has to be told; `npm run deploy` knows it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'smol-toml'
import { Failure } from './failure.mjs'
import { ROOT } from './wrangler.mjs'

/** Set for the commands of `npm run deploy`. */
export const WHOLE_DEPLOYMENT = 'EDGE_ORDERS_WHOLE_DEPLOYMENT'

const FOUR_WORKERS = `edge-orders is four Workers with queues and databases between them, and this command deploys one.
\`npm run deploy\` deploys all four in the right order; use it unless the other three are deployed already.`

/** @param {NodeJS.ProcessEnv} environment */
export const checkDeployment = (environment) => {
  const { vars } = parse(readFileSync(join(ROOT, 'wrangler.toml'), 'utf8'))
  const refusal = refuseDemo('wrangler.toml', /** @type {Record<string, unknown>} */ (vars ?? {}))
  if (refusal !== undefined) throw new Failure('Nothing was deployed.', refusal)
  if (!environment[WHOLE_DEPLOYMENT]) console.log(FOUR_WORKERS)
}

/**
 * A demo takes the development key, which everybody knows.
 * @param {string} config
 * @param {Record<string, unknown>} vars
 * @returns {string | undefined}
 */
export const refuseDemo = (config, { DEMO_CATALOGUE = 'false' }) =>
  String(DEMO_CATALOGUE) === 'false'
    ? undefined
    : `DEMO_CATALOGUE is "${DEMO_CATALOGUE}" in ${config}, with which the key in the repository opens everything. Set it to "false" there; locally .dev.vars makes it true.`
