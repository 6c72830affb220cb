// The four Workers, read from their wrangler.toml files.
import { join } from 'node:path'
import { unstable_readConfig as readConfig } from 'wrangler'
import { z } from 'zod'
import { CONFIGS, ROOT } from '../wrangler.mjs'
import type { Worker } from './types.ts'

/**
 * By the Worker's configuration file. Wrangler's own `[secrets] required` does not do: beside that list wrangler
 * ignores every other name in `.dev.vars`.
 */
const REQUIRED_SECRETS: Record<string, string[]> = { 'wrangler.toml': ['BOOTSTRAP_KEY'] }

/** These Workers store what must be sealed or hashed: secrets of webhooks, payment tokens. The other two store neither. */
const WITH_STORAGE_KEY = ['wrangler.toml', 'workers/operations/wrangler.toml']

/** The part of wrangler's configuration that a deployment reads. */
const configuration = z.object({
  vars: z.record(z.string(), z.unknown()).default({}),
  queues: z.object({
    producers: z.array(z.object({ queue: z.string() })).default([]),
    consumers: z.array(z.object({ queue: z.string(), dead_letter_queue: z.string().optional() })).default([]),
  }),
  d1_databases: z.array(z.object({ binding: z.string(), database_name: z.string().optional() })),
  workers_dev: z.boolean().optional(),
})

/**
 * In the order of deployment. The order Worker is bound to the others, so it is last. The operations Worker is first: it
 * knows what consumers of the release before park because newer Workers sent it.
 */
export const readWorkers = (): Worker[] => CONFIGS.map(readWorker).toReversed()

const readWorker = (config: string): Worker => {
  const { vars, queues, d1_databases, workers_dev } = configuration.parse(
    readConfig({ config: join(ROOT, config) }, { hideWarnings: true }),
  )
  const consumed = queues.consumers.flatMap(({ queue, dead_letter_queue }) => [queue, dead_letter_queue])
  const produced = queues.producers.map(({ queue }) => queue)
  return {
    config,
    queues: [...consumed, ...produced].filter((name) => name !== undefined),
    databases: d1_databases.map(({ binding, database_name }) => ({
      binding,
      name: database_name ?? binding,
    })),
    secrets: REQUIRED_SECRETS[config] ?? [],
    hasStorageKey: WITH_STORAGE_KEY.includes(config),
    vars,
    isPublic: workers_dev !== false,
    callsBank: config.startsWith('workers/payment/'),
  }
}
