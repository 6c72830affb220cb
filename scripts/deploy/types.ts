/** One Worker, as its wrangler.toml describes it. */
export type Worker = {
  config: string
  vars: Record<string, unknown>
  queues: string[]
  databases: { binding: string; name: string }[]
  secrets: string[]
  hasStorageKey: boolean
  isPublic: boolean
  callsBank: boolean
}

export type Step = {
  title: string
  command: string[]
  /** What to do when the step fails. */
  advice: string
  /** A failed command that prints this is no failure. */
  tolerate?: RegExp
  /** A successful command must print this. */
  expect?: RegExp
  /** Environment variables that the command gets in a file, never on the command line. */
  secrets?: string[]
  /** The command lists the secrets of this Worker. */
  looksForKeyOf?: string
  /** This Worker gets a new `STORAGE_KEY` if the list of its secrets had none. */
  makesKeyOf?: string
  /** The command makes the system's public address known. */
  isPublic?: boolean
}

export type Environment = Record<string, string | undefined>
