import type { BrokerSink, BrokerSource } from '../../src/bridge/ports.ts'
import type { FeedName } from './api.ts'

/** Where an adapter finds its settings. Passwords are in the environment, never in flags: other users can list those. */
export type Settings = {
  flags: Readonly<Record<string, string | undefined>>
  environment: Readonly<Record<string, string | undefined>>
}

/** One kind of broker. To add one: a file with an adapter, a line in `ADAPTERS`, and a line in the suite of all adapters. */
export type Adapter = {
  /** The names of its flags, without `--`. Each takes a value. */
  flags: readonly string[]
  /** The lines of `--help` about its flags and variables. */
  help: string
  /** For `--in`. Throws a `Failure` or a `UsageError` for settings that cannot be. It need not be connected yet. */
  openSource(settings: Settings): BrokerSource
  /** For `--out`: where the events of this feed go, under a name of its own if no flag names another. */
  openSink(settings: Settings, feed: FeedName): BrokerSink
}
