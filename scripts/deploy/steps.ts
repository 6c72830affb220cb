// The steps of a deployment, each of which may run again without harm.
import type { Environment, Step, Worker } from './types.ts'

/** Cloudflare's API says: Queue name 'x' is already taken. Please use a different name and try again. [code: 11009] */
const QUEUE_EXISTS = /is already taken|code: 11009/

/** Wrangler's message for error 7502 of the API. */
const DATABASE_EXISTS = /database with that name already exists/

/** Wrangler's message for error 10007 of the API: no Worker of this name is deployed yet. */
const NO_SUCH_WORKER = /Worker "[^"]*".* not found/

/** A Worker that has one of these secrets keeps them: the newest one seals new data, the older ones open old data. */
export const STORAGE_KEY = /"name":\s*"STORAGE_KEY(_\d+)?"/

const ACCOUNT_ADVICE =
  'Check that this is the right account, and that you may change it. Set CLOUDFLARE_API_TOKEN (and CLOUDFLARE_ACCOUNT_ID, if you have several accounts), or run `npx wrangler login`.'

export const dryRun = ({ config }: Worker): Step => ({
  title: `Build ${config}`,
  command: ['wrangler', 'deploy', '--dry-run', '-c', config],
  advice: 'Fix what the build reports.',
})

/** A secret that the environment does not have must be on the deployed Worker. */
export const findSecrets = ({ config, secrets }: Worker, environment: Environment): Step[] =>
  secrets
    .filter((name) => !environment[name])
    .map((name) => ({
      title: `Look for the secret ${name} on the deployed Worker`,
      command: ['wrangler', 'secret', 'list', '-c', config],
      expect: new RegExp(`"name":\\s*"${name}"`),
      advice: `${name} is neither in the environment nor on a deployed Worker. It is the first API key, with every scope:\n  export ${name}="$(openssl rand -hex 32)"\nKeep it safe, and deploy again.`,
    }))

/** A key that is set is never replaced: the data that it sealed could not be opened any more. */
export const findStorageKey = ({ config }: Worker): Step => ({
  title: `Look for the secret STORAGE_KEY on the Worker of ${config}`,
  command: ['wrangler', 'secret', 'list', '-c', config],
  tolerate: NO_SUCH_WORKER,
  looksForKeyOf: config,
  advice: ACCOUNT_ADVICE,
})

export const createQueue = (name: string): Step => ({
  title: `Create the queue ${name}`,
  command: ['wrangler', 'queues', 'create', name],
  tolerate: QUEUE_EXISTS,
  advice: ACCOUNT_ADVICE,
})

export const createDatabase = ({ name }: { name: string }): Step => ({
  title: `Create the database ${name}`,
  command: ['wrangler', 'd1', 'create', name],
  tolerate: DATABASE_EXISTS,
  advice: ACCOUNT_ADVICE,
})

export const migrate = (config: string, binding: string): Step => ({
  title: `Migrate ${binding}`,
  command: ['wrangler', 'd1', 'migrations', 'apply', binding, '--remote', '-c', config],
  advice:
    'The failed migration was rolled back; the migrations before it stay applied. Fix it, and deploy again.',
})

type Choices = { gateway: string | undefined; environment: Environment }

export const deployWorker = (worker: Worker, { gateway, environment }: Choices): Step => {
  const { config, secrets, hasStorageKey, isPublic, callsBank } = worker
  const bank = callsBank ? ['--var', `PAYMENT_GATEWAY:${gateway}`] : []
  return {
    title: `Deploy ${config}`,
    command: ['wrangler', 'deploy', '-c', config, ...bank],
    secrets: secrets.filter((name) => environment[name]),
    ...(hasStorageKey ? { makesKeyOf: config } : {}),
    isPublic,
    advice: 'What was deployed before this step keeps running. Fix the cause, and deploy again.',
  }
}
