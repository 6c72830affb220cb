// The steps of a deployment, each of which may run again without harm.
import type { Account, Database, Environment, Secrets, Step, Worker } from './types.ts'

/** Cloudflare's API says: Queue name 'x' is already taken. Please use a different name and try again. [code: 11009] */
const QUEUE_EXISTS = /is already taken|code: 11009/

/** Wrangler's message for error 7502 of the API. */
const DATABASE_EXISTS = /database with that name already exists/

/** Wrangler's message for error 10007 of the API: no Worker of this name is deployed yet. */
export const NO_SUCH_WORKER = /Worker "[^"]*".* not found/

/** Wrangler looks the queue up by its name. */
export const NO_SUCH_QUEUE = /Queue "[^"]*" does not exist/

/** The API's errors 10004 and 10006. */
const BUCKET_EXISTS = /already exists|code: 10004/
export const NO_SUCH_BUCKET = /bucket does not exist|code: 10006/

/** The API's error 10042: R2 is not switched on in the account. */
export const NO_R2 = /Please enable R2|code: 10042/

/** The API's error 10000: the token has no permission for this. */
export const NOT_ALLOWED = /code: 10000/

/** A Worker that has one of these secrets keeps them: the newest one seals new data, the older ones open old data. */
const STORAGE_KEY = /^STORAGE_KEY(_\d+)?$/

export const ACCOUNT_ADVICE =
  'Check that this is the right account, and that you may change it. Set CLOUDFLARE_API_TOKEN (and CLOUDFLARE_ACCOUNT_ID, if you have several accounts), or run `npx wrangler login`.'

/** R2 has to be switched on by hand, and a token needs a permission of its own for it. */
export const R2_ADVICE =
  'Switch R2 on in the dashboard of the account, under "R2". A CLOUDFLARE_API_TOKEN also needs the permission to edit Workers R2 Storage.'

export const build = ({ config, name }: Worker): Step => ({
  title: `Build the Worker ${name}`,
  command: ['wrangler', 'deploy', '--dry-run', '-c', config],
  advice: 'Fix what the build reports.',
})

export const createQueue = (name: string, account: Account): Step => ({
  title: `Create the queue ${name}`,
  command: ['wrangler', 'queues', 'create', name],
  existing: account.queues.has(name) ? 'exists already' : undefined,
  tolerate: QUEUE_EXISTS,
  advice: ACCOUNT_ADVICE,
})

export const createDatabase = ({ name }: Database, account: Account): Step => ({
  title: `Create the database ${name}`,
  command: ['wrangler', 'd1', 'create', name],
  existing: account.databases.has(name) ? 'exists already' : undefined,
  tolerate: DATABASE_EXISTS,
  advice: ACCOUNT_ADVICE,
})

export const createBucket = (name: string, account: Account): Step => ({
  title: `Create the bucket ${name}`,
  command: ['wrangler', 'r2', 'bucket', 'create', name],
  existing: account.buckets.has(name) ? 'exists already' : undefined,
  tolerate: BUCKET_EXISTS,
  advice: R2_ADVICE,
})

const showBucket = (name: string): Pick<Step, 'command' | 'advice'> => ({
  command: ['wrangler', 'r2', 'bucket', 'info', name],
  advice: R2_ADVICE,
})

export const stayBound = (name: string): Step => ({
  ...showBucket(name),
  title: `Bind the bucket ${name}`,
  existing:
    'it exists. RETENTION_DAYS is 0, so no order leaves for it, and those that have left are read from it',
})

export const leaveBucketOut = (name: string): Step => ({
  ...showBucket(name),
  title: `Bind the bucket ${name}`,
  existing:
    'left out, because the token may not look it up. RETENTION_DAYS is 0, so no order leaves for it. If orders left earlier, they are found only once the token may edit Workers R2 Storage',
})

export const migrate = ({ config }: Worker, { binding, name }: Database, account: Account): Step => {
  const open = account.openMigrations.get(name)
  return {
    title: `Migrate the database ${name}${open?.length ? `: ${open.join(', ')}` : ''}`,
    command: ['wrangler', 'd1', 'migrations', 'apply', binding, '--remote', '-c', config],
    existing: open?.length === 0 ? 'has every migration already' : undefined,
    advice:
      'The failed migration was rolled back; the migrations before it stay applied. Fix it, and deploy again.',
  }
}

/** What a deployment chooses anew each time. */
export type Choices = {
  gateway: string
  /** The secrets that the Worker of the bank needs with this gateway. */
  bankSecrets: readonly string[]
  environment: Environment
  account: Account
  /** Makes 32 random bytes as text. */
  makeKey: () => string
}

export const deployWorker = (worker: Worker, choices: Choices): Step => {
  const { config, name, isPublic, callsBank } = worker
  const secrets = secretsFor(worker, choices)
  const isNew = !choices.account.secretsOf.has(name)
  return {
    title: `Deploy the Worker ${name}${isNew ? ', which is new' : ''}${namesOf(secrets)}`,
    command: [
      ...['wrangler', 'deploy', '-c', config],
      // The public Worker takes the orders, and refuses what the bank cannot charge.
      ...(callsBank || isPublic ? ['--var', `PAYMENT_GATEWAY:${choices.gateway}`] : []),
      ...(callsBank && choices.environment['STRIPE_TEST_MODE'] === 'true'
        ? ['--var', 'STRIPE_TEST_MODE:true']
        : []),
    ],
    secrets,
    show: isPublic ? firstKeyShown(secrets, choices.environment) : undefined,
    isPublic,
    advice: 'What was deployed before this step keeps running. Fix the cause, and deploy again.',
  }
}

const namesOf = (secrets: Secrets): string => {
  const names = Object.keys(secrets)
  return names.length === 0 ? '' : `, and set ${names.join(' and ')}`
}

/**
 * A secret of the environment replaces the deployed one. A key that is missing in both is made. A deployed key is never
 * replaced: the data that it sealed could not be opened any more.
 */
const secretsFor = (worker: Worker, { environment, account, makeKey, bankSecrets }: Choices): Secrets => {
  const deployed = [...(account.secretsOf.get(worker.name) ?? [])]
  const made = [
    ...(worker.hasStorageKey && !deployed.some((name) => STORAGE_KEY.test(name)) ? ['STORAGE_KEY'] : []),
    ...(worker.isPublic && !environment['BOOTSTRAP_KEY'] && !deployed.includes('BOOTSTRAP_KEY')
      ? ['BOOTSTRAP_KEY']
      : []),
  ]
  const given = [...(worker.isPublic ? ['BOOTSTRAP_KEY'] : []), ...(worker.callsBank ? bankSecrets : [])]
  return Object.fromEntries([
    ...given.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
    ...made.map((name) => [name, makeKey()]),
  ])
}

/**
 * The key is shown before the command: a command that fails after it took effect has set the key too. Where it took none,
 * the next deployment makes another key.
 */
const firstKeyShown = ({ BOOTSTRAP_KEY }: Secrets, environment: Environment): string | undefined =>
  BOOTSTRAP_KEY === undefined || environment['BOOTSTRAP_KEY']
    ? undefined
    : `The first API key, with every scope. It is shown only now: keep it safe.\n\n    ${BOOTSTRAP_KEY}\n`
