// A stand-in for wrangler and a Cloudflare account behind it: the commands that a deployment uses, with the rules of
// the platform about what must exist first. As a program it keeps the account in the file that STAND_IN_ACCOUNT names.
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parse } from 'smol-toml'
import { z } from 'zod'

const ROOT = resolve(import.meta.dirname, '../..')

export type StandInAccount = {
  /** The Worker that consumes each queue; empty without one. */
  queues: Record<string, string>
  /** The applied migrations of each database. */
  databases: Record<string, string[]>
  buckets: string[]
  /** Why the API refuses every call about R2. */
  r2Refusal?: string
  workers: Record<string, StandInWorker>
}

type StandInWorker = {
  secrets: Record<string, string>
  vars: Record<string, string>
  services: string[]
  queues: string[]
  buckets: string[]
  counters: string[]
}

export const emptyAccount = (): StandInAccount => ({ queues: {}, databases: {}, buckets: [], workers: {} })

const configuration = z.object({
  name: z.string(),
  main: z.string(),
  vars: z.record(z.string(), z.string()),
  d1_databases: z
    .array(z.object({ binding: z.string(), database_name: z.string(), migrations_dir: z.string() }))
    .default([]),
  r2_buckets: z.array(z.object({ bucket_name: z.string() })).default([]),
  queues: z.object({
    producers: z.array(z.object({ queue: z.string() })),
    consumers: z.array(z.object({ queue: z.string() })),
  }),
  services: z.array(z.object({ service: z.string() })).default([]),
  ratelimits: z.array(z.object({ namespace_id: z.string() })).default([]),
})

/** A command that the platform refuses, with wrangler's words. */
class Refused extends Error {}

/** Carries out one command on the account, and returns what wrangler would print. Throws where wrangler ends with 1. */
export const standInWrangler = (
  account: StandInAccount,
  args: readonly string[],
  secrets: Record<string, string> = {},
): string => {
  const command = COMMANDS.find(({ words }) => words.every((word, index) => args[index] === word))
  if (command === undefined) throw new Refused(`Unknown arguments: ${args.join(' ')}`)
  return command.run(account, args.slice(command.words.length), secrets)
}

type Command = {
  words: string[]
  run: (account: StandInAccount, args: readonly string[], secrets: Record<string, string>) => string
}

const COMMANDS: Command[] = [
  {
    words: ['whoami', '--json'],
    run: () => JSON.stringify({ loggedIn: true, accounts: [{ id: 'acc', name: 'Acme' }] }),
  },
  {
    words: ['d1', 'list', '--json'],
    run: ({ databases }) => JSON.stringify(Object.keys(databases).map((name) => ({ uuid: 'u', name }))),
  },
  {
    words: ['d1', 'create'],
    run: ({ databases }, [name = '']) => {
      if (name in databases) throw new Refused(`A database with that name already exists`)
      databases[name] = []
      return 'Successfully created DB'
    },
  },
  {
    words: ['d1', 'delete'],
    run: ({ databases }, [name = '', flag]) => {
      if (!(name in databases)) throw new Refused(`Couldn't find a D1 DB with name or binding '${name}'`)
      if (flag !== '--skip-confirmation') throw new Refused('Ok to proceed?')
      delete databases[name]
      return `Deleted '${name}' successfully.`
    },
  },
  {
    words: ['d1', 'migrations', 'list'],
    run: (account, args) => {
      const { open } = migrationsOf(account, args)
      return open.length === 0
        ? '✅ No migrations to apply!'
        : ['Migrations to be applied:', ...open.map((name) => `│ ${name} │`)].join('\n')
    },
  },
  {
    words: ['d1', 'migrations', 'apply'],
    run: (account, args) => {
      const { applied, open } = migrationsOf(account, args)
      applied.push(...open)
      return 'applied'
    },
  },
  {
    words: ['r2', 'bucket', 'info'],
    run: ({ buckets, r2Refusal }, [name = '']) => {
      if (r2Refusal !== undefined) throw new Refused(r2Refusal)
      if (!buckets.includes(name)) throw new Refused('The specified bucket does not exist. [code: 10006]')
      return `name: ${name}`
    },
  },
  {
    words: ['r2', 'bucket', 'create'],
    run: ({ buckets, r2Refusal }, [name = '']) => {
      if (r2Refusal !== undefined) throw new Refused(r2Refusal)
      if (buckets.includes(name))
        throw new Refused('The bucket you tried to create already exists, and you own it. [code: 10004]')
      buckets.push(name)
      return `Created bucket '${name}'`
    },
  },
  {
    words: ['secret', 'list'],
    run: ({ workers }, args) => {
      const { name } = configIn(args)
      const worker = workers[name]
      if (worker === undefined) throw new Refused(`Worker "${name}" not found.`)
      return JSON.stringify(Object.keys(worker.secrets).map((each) => ({ name: each, type: 'secret_text' })))
    },
  },
  {
    words: ['queues', 'info'],
    run: ({ queues }, [name = '']) => {
      if (!(name in queues)) throw noSuchQueue(name)
      return `Queue Name: ${name}`
    },
  },
  {
    words: ['queues', 'create'],
    run: ({ queues }, [name = '']) => {
      if (name in queues)
        throw new Refused(`Queue name '${name}' is already taken. Please use a different name. [code: 11009]`)
      queues[name] = ''
      return `Created queue '${name}'`
    },
  },
  {
    words: ['queues', 'delete'],
    run: ({ queues, workers }, [name = '']) => {
      if (!(name in queues)) throw noSuchQueue(name)
      const bound = Object.keys(workers).find((worker) => workers[worker]?.queues.includes(name))
      if (bound) throw new Refused(`The queue ${name} is still bound to the Worker ${bound}`)
      delete queues[name]
      return `Deleted queue ${name}.`
    },
  },
  {
    words: ['queues', 'consumer', 'remove'],
    run: ({ queues }, [queue = '', worker = '']) => {
      if (!(queue in queues)) throw noSuchQueue(queue)
      if (queues[queue] !== worker)
        throw new Refused(`No worker consumer '${worker}' exists for queue ${queue}`)
      queues[queue] = ''
      return `Removed consumer from queue ${queue}.`
    },
  },
  { words: ['deploy', '--dry-run'], run: (_, args) => `Total Upload: ${configIn(args).main}` },
  { words: ['deploy'], run: (account, args, secrets) => deploy(account, args, secrets) },
  {
    words: ['delete', '--name'],
    run: ({ queues, workers }, [name = '']) => {
      if (!(name in workers)) throw new Refused('This Worker does not exist on your account. [code: 10007]')
      if (Object.values(queues).includes(name))
        throw new Refused('Cannot delete this Worker as it is a consumer for a Queue. [code: 10064]')
      const bound = Object.keys(workers).find((worker) => workers[worker]?.services.includes(name))
      if (bound) throw new Refused(`The Worker ${bound} is bound to it.`)
      delete workers[name]
      return `Successfully deleted ${name}`
    },
  },
]

const noSuchQueue = (name: string) =>
  new Refused(`Queue "${name}" does not exist. To create it, run: wrangler queues create ${name}`)

const deploy = (
  account: StandInAccount,
  args: readonly string[],
  secrets: Record<string, string>,
): string => {
  const config = configIn(args)
  const { name, vars } = config
  const consumed = config.queues.consumers.map(({ queue }) => queue)
  refuseWhatIsMissing(account, config)
  for (const queue of consumed) account.queues[queue] = name
  const [, PAYMENT_GATEWAY] = args[args.indexOf('--var') + 1]?.split('PAYMENT_GATEWAY:') ?? []
  account.workers[name] = {
    secrets: { ...account.workers[name]?.secrets, ...secrets },
    vars: { ...vars, ...(PAYMENT_GATEWAY ? { PAYMENT_GATEWAY } : {}) },
    services: config.services.map(({ service }) => service),
    queues: config.queues.producers.map(({ queue }) => queue),
    buckets: config.r2_buckets.map(({ bucket_name }) => bucket_name),
    counters: config.ratelimits.map(({ namespace_id }) => namespace_id),
  }
  return `Total Upload: ${name}`
}

/** What the platform checks when a Worker is deployed, and that its databases have tables before it runs. */
const refuseWhatIsMissing = (
  { queues, databases, buckets, workers }: StandInAccount,
  config: ReturnType<typeof configIn>,
): void => {
  const bound = [...config.queues.consumers, ...config.queues.producers].map(({ queue }) => queue)
  const missing = [
    ...(existsSync(resolve(config.folder, config.main)) ? [] : [`entry-point ${config.main}`]),
    ...config.services.filter(({ service }) => !(service in workers)).map(({ service }) => service),
    ...bound.filter((queue) => !(queue in queues)),
    ...config.r2_buckets.map(({ bucket_name }) => bucket_name).filter((name) => !buckets.includes(name)),
    ...config.d1_databases
      .filter(({ database_name }) => !databases[database_name]?.length)
      .map(({ database_name }) => `tables of ${database_name}`),
  ]
  if (missing.length > 0) throw new Refused(`${config.name} needs ${missing.join(', ')}, not found`)
  for (const { queue } of config.queues.consumers)
    if (queues[queue] !== '' && queues[queue] !== config.name)
      throw new Refused(`The queue ${queue} has another consumer`)
}

const configIn = (args: readonly string[]) => {
  const file = resolve(ROOT, args[args.indexOf('-c') + 1] ?? '')
  return { ...read(file), folder: dirname(file) }
}

const cache = new Map<string, z.infer<typeof configuration>>()

const read = (file: string) => {
  const known = file.endsWith('.toml') ? cache.get(file) : undefined
  if (known) return known
  const text = readFileSync(file, 'utf8')
  const parsed = configuration.parse(file.endsWith('.toml') ? parse(text) : JSON.parse(text))
  cache.set(file, parsed)
  return parsed
}

const migrationsOf = ({ databases }: StandInAccount, args: readonly string[]) => {
  const { d1_databases, folder } = configIn(args)
  const database = d1_databases.find(({ binding }) => binding === args[0])
  const applied = databases[database?.database_name ?? '']
  if (database === undefined || applied === undefined) throw new Refused(`Couldn't find a D1 DB ${args[0]}`)
  const all = readdirSync(resolve(folder, database.migrations_dir)).filter((name) => name.endsWith('.sql'))
  return { applied, open: all.toSorted().filter((name) => !applied.includes(name)) }
}

const main = (file: string) => {
  const args = process.argv.slice(2)
  const at = args.indexOf('--secrets-file')
  const secrets = at < 0 ? {} : JSON.parse(readFileSync(args[at + 1] ?? '', 'utf8'))
  const before = readFileSync(file, 'utf8')
  const account = JSON.parse(before) as StandInAccount
  appendFileSync(`${file}.calls`, `${args.filter((arg) => !arg.startsWith('/')).join(' ')}\n`)
  try {
    console.log(standInWrangler(account, args, secrets))
    // Look-ups run at the same time, and read what another one must not be writing.
    if (JSON.stringify(account) !== before) writeFileSync(file, JSON.stringify(account))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}

const file = process.env['STAND_IN_ACCOUNT']
if (import.meta.main && file !== undefined) main(file)
