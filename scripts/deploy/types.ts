/** One Worker, as its wrangler.toml describes it, with the names of the environment. */
export type Worker = {
  /** For wrangler's `-c`, from the root of the project. */
  config: string
  name: string
  vars: Record<string, unknown>
  /** The queues that the Worker consumes. */
  consumes: string[]
  /** Every queue that the Worker is bound to, with dead-letter queues. A name may occur twice. */
  queues: string[]
  databases: Database[]
  /** Buckets of R2 that the deployment makes where they are missing. */
  buckets: string[]
  /** Where no order leaves for the archive: it is bound only where the account has its bucket. */
  idleArchive?: IdleArchive | undefined
  hasStorageKey: boolean
  isPublic: boolean
  callsBank: boolean
}

export type Database = { binding: string; name: string }

/** `config` is the configuration that binds the bucket, as the Worker's own `config` does not. */
type IdleArchive = { bucket: string; config: string }

/** What the account has of a deployment. */
export type Account = {
  queues: ReadonlySet<string>
  databases: ReadonlySet<string>
  buckets: ReadonlySet<string>
  /** Idle buckets that the token may not look up, so that it is not known whether they exist. */
  hiddenBuckets: ReadonlySet<string>
  /** The names of the secrets of each deployed Worker, by the Worker's name. */
  secretsOf: ReadonlyMap<string, ReadonlySet<string>>
  /** By the database's name, for each database that exists. */
  openMigrations: ReadonlyMap<string, readonly string[]>
}

export type Step = {
  title: string
  command: string[]
  /** What to do when the step fails. */
  advice: string
  /** Why nothing is left to do, such as `exists already`. */
  existing?: string | undefined
  /** A failed command that prints this is no failure: what it makes is there, or what it deletes is gone. */
  tolerate?: RegExp
  /** The command gets these in a file, never on the command line. */
  secrets?: Secrets
  /** What the terminal shows before the command runs. */
  show?: string | undefined
  /** The command makes the system's public address known. */
  isPublic?: boolean
}

export type Secrets = Record<string, string>

export type Environment = Record<string, string | undefined>

/** How a command of wrangler ended. `output` has both streams, without colours. */
export type Ending = { code: number | null; output: string; addresses: string[] }

/** Runs wrangler with these arguments. `secrets` are for `wrangler deploy`. */
export type Wrangler = (args: readonly string[], secrets?: Secrets) => Promise<Ending>

export type Print = (line: string) => void
