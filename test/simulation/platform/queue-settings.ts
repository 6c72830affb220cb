import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'smol-toml'
import { z } from 'zod'

/** How often a message comes again, and after which delay where its consumer sets none. */
export type QueueSettings = { retriesMax: number; retryDelayMs: number }

const CONFIGURATIONS = ['', 'workers/inventory', 'workers/payment', 'workers/operations']

const schema = z.object({
  queues: z.object({
    consumers: z.array(z.object({ queue: z.string(), max_retries: z.int(), retry_delay: z.int() })),
  }),
})

const read = (folder: string) => {
  const path = resolve(import.meta.dirname, '../../..', folder, 'wrangler.toml')
  return schema.parse(parse(readFileSync(path, 'utf8'))).queues.consumers
}

const SETTINGS: ReadonlyMap<string, QueueSettings> = new Map(
  CONFIGURATIONS.flatMap(read).map(({ queue, max_retries, retry_delay }) => [
    queue,
    { retriesMax: max_retries, retryDelayMs: retry_delay * 1_000 },
  ]),
)

/** The settings of a queue in its consumer's configuration, as it is deployed. */
export const settingsOf = (queue: string): QueueSettings => {
  const settings = SETTINGS.get(queue)
  if (settings === undefined) throw new Error(`No wrangler.toml has a consumer of ${queue}`)
  return settings
}
