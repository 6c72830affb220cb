/** A limit of the platform that the model runs into. */
type Limit = { what: string; value: number; unit: string; source: string }

/** The day on which Cloudflare's pages were read. */
export const LIMITS_READ_ON = '2026-11-23'

const QUEUES = 'https://developers.cloudflare.com/queues/platform/limits/'
const OBJECTS = 'https://developers.cloudflare.com/durable-objects/platform/limits/'
const D1 = 'https://developers.cloudflare.com/d1/platform/limits/'
const WORKERS = 'https://developers.cloudflare.com/workers/platform/limits/'

export const LIMITS = {
  queueMessages: { what: 'messages of one queue', value: 5_000, unit: 'a second', source: QUEUES },
  queueMessageBytes: { what: 'one queue message', value: 128_000, unit: 'bytes', source: QUEUES },
  consumerBatch: { what: 'one batch of a consumer', value: 100, unit: 'messages', source: QUEUES },
  consumerInvocations: {
    what: 'consumers of one queue at the same time',
    value: 250,
    unit: 'invocations',
    source: QUEUES,
  },
  queueBacklog: { what: 'backlog of one queue', value: 25, unit: 'GB', source: QUEUES },
  objectRequests: {
    what: 'requests of one Durable Object (one thread; a soft limit)',
    value: 1_000,
    unit: 'a second',
    source: OBJECTS,
  },
  objectStorage: { what: 'storage of one Durable Object', value: 10, unit: 'GB', source: OBJECTS },
  databaseStorage: { what: 'storage of one D1 database (one thread)', value: 10, unit: 'GB', source: D1 },
  subrequests: { what: 'subrequests of one invocation', value: 10_000, unit: 'calls', source: WORKERS },
} as const satisfies Record<string, Limit>
