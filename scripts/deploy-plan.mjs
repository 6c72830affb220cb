// What `npm run deploy` does, in which order, and when it refuses. Pure: deploy.mjs carries it out.
import { keyFaultOf } from '../src/kernel/key-strength.ts'
import { refuseDemo } from './single-deployment.mjs'

/**
 * One Worker as its wrangler.toml describes it.
 * @typedef {{
 *   config: string,
 *   vars: Record<string, unknown>,
 *   queues: string[],
 *   databases: { binding: string, name: string }[],
 *   secrets: string[],
 *   hasStorageKey: boolean,
 *   isPublic: boolean,
 *   callsBank: boolean,
 * }} Worker
 *
 * @typedef {{
 *   title: string,
 *   command: string[],
 *   advice: string,
 *   tolerate?: RegExp,
 *   expect?: RegExp,
 *   secrets?: string[],
 *   looksForKeyOf?: string,
 *   makesKeyOf?: string,
 *   isPublic?: boolean,
 * }} Step
 * `looksForKeyOf` names the Worker whose secrets the command lists, `makesKeyOf` the one that gets a new `STORAGE_KEY`
 * where that list had none. `tolerate` is what a failing command may say and still be fine, `expect` what a succeeding one has to say;
 * `secrets` are the environment variables to hand over in a file, never on the command line; `isPublic` marks the
 * command that makes the system's address known.
 *
 * @typedef {{ workers: Worker[], isDryRun: boolean, paymentGateway?: string | undefined }} Options
 * @typedef {{ refusal: string } | { steps: Step[], notes: string[] }} Plan
 */

/** The one of .dev.vars.example. */
const DEVELOPMENT_KEY = 'dev-admin-key'

const MAKE_KEY = 'export BOOTSTRAP_KEY="$(openssl rand -hex 32)"'

const KNOWN_GATEWAYS = ['simulator']

/** Cloudflare's API says: Queue name 'x' is already taken. Please use a different name and try again. [code: 11009] */
const QUEUE_EXISTS = /is already taken|code: 11009/

/** Wrangler's own words for the API's error 10007: nothing is deployed under this name yet. */
const NO_SUCH_WORKER = /Worker "[^"]*".* not found/

/** With any of them a Worker keeps its secrets: the newest of several makes, the older ones still open. */
export const STORAGE_KEY = /"name":\s*"STORAGE_KEY(_\d+)?"/

/** Wrangler's own words for the API's error 7502. */
const DATABASE_EXISTS = /database with that name already exists/

/**
 * Refuses before anything is called, or lists the steps in an order that works from an empty account and does no harm
 * in a full one. `workers` come in the order of deployment: a Worker's bindings must exist before it.
 * @param {Options} options
 * @param {Record<string, string | undefined>} environment
 * @returns {Plan}
 */
export const planDeployment = (options, environment) => {
  const gateway = options.paymentGateway ?? environment.PAYMENT_GATEWAY
  const demo = options.workers.map(({ config, vars }) => refuseDemo(config, vars)).find(Boolean)
  if (demo !== undefined) return { refusal: demo }
  const refusal =
    refuseSettings(options.workers) ?? refuseGateway(gateway) ?? refuseKey(environment.BOOTSTRAP_KEY)
  if (options.isDryRun)
    return { steps: options.workers.map(dryRun), notes: refusal === undefined ? [] : [refusal] }
  if (refusal !== undefined) return { refusal }
  return { steps: deployment(options.workers, { gateway, environment }), notes: [] }
}

/**
 * A var that several Workers have says where data lie or what they mean, so it is the same in all of them.
 * @param {Worker[]} workers
 */
const refuseSettings = (workers) => {
  const names = unique(workers.flatMap(({ vars }) => Object.keys(vars))).toSorted()
  const differing = names.flatMap((name) => differenceIn(name, workers))
  if (differing.length === 0) return undefined
  return [...differing, 'Set the same in every file that has it: these Workers have to agree on it.'].join(
    '\n',
  )
}

/**
 * @param {string} name
 * @param {Worker[]} workers the order Worker, which goes last, is what the others are held against
 */
const differenceIn = (name, workers) => {
  const places = workers
    .filter(({ vars }) => name in vars)
    .map(({ config, vars }) => ({ config, value: vars[name] }))
  const [last, ...others] = places.toReversed()
  const differing = others.toReversed().filter(({ value }) => value !== last?.value)
  if (last === undefined || differing.length === 0) return []
  const list = differing.map(({ config, value }) => `"${value}" in ${config}`).join(' and ')
  return [`${name} is "${last.value}" in ${last.config}, but ${list}.`]
}

/** @param {string | undefined} gateway */
const refuseGateway = (gateway) => {
  if (gateway !== undefined && KNOWN_GATEWAYS.includes(gateway)) return undefined
  const problem = gateway ? `There is no payment gateway "${gateway}".` : 'No payment gateway is chosen.'
  return [
    `${problem} Name one of ${KNOWN_GATEWAYS.join(', ')}: npm run deploy -- --payment-gateway ${KNOWN_GATEWAYS[0]}`,
    'It has no default on purpose: a shop must not give goods away on a simulated bank by accident.',
  ].join('\n')
}

/**
 * A key that is set now has to be a good one. One that a running deployment has stays: its /readyz tells of it.
 * @param {string | undefined} key
 */
const refuseKey = (key) => {
  if (!key) return undefined
  if (key === DEVELOPMENT_KEY)
    return `BOOTSTRAP_KEY is the development key, which everybody knows. Make another: ${MAKE_KEY}`
  const fault = keyFaultOf(key)
  return (
    fault &&
    `BOOTSTRAP_KEY ${fault}. Make another: ${MAKE_KEY}\nTo keep the one that a deployment has already: unset BOOTSTRAP_KEY`
  )
}

/** @param {Worker} worker */
const dryRun = ({ config }) => ({
  title: `Build ${config}`,
  command: ['wrangler', 'deploy', '--dry-run', '-c', config],
  advice: 'Mend what the build complains about.',
})

/**
 * @param {Worker[]} workers
 * @param {{ gateway: string | undefined, environment: Record<string, string | undefined> }} choices
 * @returns {Step[]}
 */
const deployment = (workers, choices) => [
  ...workers.flatMap((worker) => findSecrets(worker, choices.environment)),
  ...workers.filter(({ hasStorageKey }) => hasStorageKey).map(findStorageKey),
  // All of them first: the Workers send to each other in a circle, and a consumer's queue must exist.
  ...unique(workers.flatMap(({ queues }) => queues)).map(createQueue),
  ...workers.flatMap(({ databases }) => databases.map(createDatabase)),
  ...workers.flatMap(({ config, databases }) => databases.map(({ binding }) => migrate(config, binding))),
  ...workers.map((worker) => deploy(worker, choices)),
]

/**
 * A secret that is not in the environment has to be on the deployed Worker.
 * @param {Worker} worker
 * @param {Record<string, string | undefined>} environment
 * @returns {Step[]}
 */
const findSecrets = ({ config, secrets }, environment) =>
  secrets
    .filter((name) => !environment[name])
    .map((name) => ({
      title: `Look for the secret ${name} on the deployed Worker`,
      command: ['wrangler', 'secret', 'list', '-c', config],
      expect: new RegExp(`"name":\\s*"${name}"`),
      advice: `${name} is neither in the environment nor on a deployed Worker. It is the first API key, with every scope:\n  export ${name}="$(openssl rand -hex 32)"\nKeep it safe, and deploy again.`,
    }))

/**
 * A key that is set is never set again: what was sealed with it could not be opened any more.
 * @param {Worker} worker
 * @returns {Step}
 */
const findStorageKey = ({ config }) => ({
  title: `Look for the secret STORAGE_KEY on the Worker of ${config}`,
  command: ['wrangler', 'secret', 'list', '-c', config],
  tolerate: NO_SUCH_WORKER,
  looksForKeyOf: config,
  advice: ACCOUNT_ADVICE,
})

/**
 * @param {string} name
 * @returns {Step}
 */
const createQueue = (name) => ({
  title: `Create the queue ${name}`,
  command: ['wrangler', 'queues', 'create', name],
  tolerate: QUEUE_EXISTS,
  advice: ACCOUNT_ADVICE,
})

/**
 * @param {{ name: string }} database
 * @returns {Step}
 */
const createDatabase = ({ name }) => ({
  title: `Create the database ${name}`,
  command: ['wrangler', 'd1', 'create', name],
  tolerate: DATABASE_EXISTS,
  advice: ACCOUNT_ADVICE,
})

const ACCOUNT_ADVICE =
  'Is this the right account, and may you change it? Set CLOUDFLARE_API_TOKEN (and CLOUDFLARE_ACCOUNT_ID, if you have several accounts), or run `npx wrangler login`.'

/**
 * @param {string} config
 * @param {string} binding
 * @returns {Step}
 */
const migrate = (config, binding) => ({
  title: `Migrate ${binding}`,
  command: ['wrangler', 'd1', 'migrations', 'apply', binding, '--remote', '-c', config],
  advice: 'A migration that failed was rolled back; those before it stay. Mend it and deploy again.',
})

/**
 * @param {Worker} worker
 * @param {{ gateway: string | undefined, environment: Record<string, string | undefined> }} choices
 * @returns {Step}
 */
const deploy = ({ config, secrets, hasStorageKey, isPublic, callsBank }, { gateway, environment }) => ({
  title: `Deploy ${config}`,
  command: [
    'wrangler',
    'deploy',
    '-c',
    config,
    ...(callsBank ? ['--var', `PAYMENT_GATEWAY:${gateway}`] : []),
  ],
  secrets: secrets.filter((name) => environment[name]),
  ...(hasStorageKey ? { makesKeyOf: config } : {}),
  isPublic,
  advice: 'What was deployed before this step keeps running. Mend the cause and deploy again.',
})

/** @param {string[]} names */
const unique = (names) => [...new Set(names)]
