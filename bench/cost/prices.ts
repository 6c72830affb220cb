/** One line of Cloudflare's price list. */
type Price = {
  /** US dollars for a million units. */
  perMillion: number
  /** Units of a month that the Workers Paid plan includes. */
  includedMonthly: number
  /** The page of Cloudflare that says so. */
  source: string
}

const WORKERS = 'https://developers.cloudflare.com/workers/platform/pricing/'
const DURABLE_OBJECTS = 'https://developers.cloudflare.com/durable-objects/platform/pricing/'
const D1 = 'https://developers.cloudflare.com/d1/platform/pricing/'
const QUEUES = 'https://developers.cloudflare.com/queues/platform/pricing/'
const OBSERVABILITY = 'https://developers.cloudflare.com/observability/pricing/'

const MILLION = 1_000_000

/** The price list as it was read on this day. The price of logs and spans is valid from 2026-12-01 on. */
export const PRICES_READ_ON = '2026-11-23'

/** The fixed price of the Workers Paid plan. */
export const PLAN_DOLLARS_MONTHLY = 5

/** What Cloudflare bills for orders, each in the unit that it is counted in. List prices in US dollars. */
export const PRICES = {
  /** HTTP requests, batches of queue messages and cron events that start a Worker. A service binding's calls are free. */
  workerRequests: { perMillion: 0.3, includedMonthly: 10 * MILLION, source: WORKERS },
  workerCpuMs: { perMillion: 0.02, includedMonthly: 30 * MILLION, source: WORKERS },
  /** Calls of an object's methods, and its alarms. */
  objectRequests: { perMillion: 0.15, includedMonthly: MILLION, source: DURABLE_OBJECTS },
  /** An object is billed with 128 MB while it runs: 12.50 dollars for a million GB-seconds. */
  objectActiveMs: {
    perMillion: (12.5 * 0.128) / 1_000,
    includedMonthly: (400_000 / 0.128) * 1_000,
    source: DURABLE_OBJECTS,
  },
  objectRowsRead: { perMillion: 0.001, includedMonthly: 25_000 * MILLION, source: DURABLE_OBJECTS },
  /** Rows of tables and of indexes. Setting an alarm and deleting a row count as well. */
  objectRowsWritten: { perMillion: 1, includedMonthly: 50 * MILLION, source: DURABLE_OBJECTS },
  databaseRowsRead: { perMillion: 0.001, includedMonthly: 25_000 * MILLION, source: D1 },
  databaseRowsWritten: { perMillion: 1, includedMonthly: 50 * MILLION, source: D1 },
  /** Each 64 KB of a message that is written, read or deleted. */
  queueOperations: { perMillion: 0.4, includedMonthly: MILLION, source: QUEUES },
  /** Logs and spans that are taken in: 0.25 dollars a GB. A KB has 1 000 bytes here. */
  logKilobytes: { perMillion: 0.25, includedMonthly: 50 * MILLION, source: OBSERVABILITY },
} as const satisfies Record<string, Price>

export type Meter = keyof typeof PRICES

export const METERS = Object.keys(PRICES) as Meter[]

/** A GB of storage for a month, in dollars, after the 5 GB that each plan includes. */
export const STORAGE_DOLLARS_PER_GB_MONTH = { objects: 0.2, databases: 0.75 } as const

/** Units of each meter. */
export type Usage = Record<Meter, number>

/** Dollars of each meter for a million orders that each use this, without the included units. */
export const dollarsPerMillion = (perOrder: Usage): Usage =>
  mapMeters((meter) => perOrder[meter] * PRICES[meter].perMillion)

/** Dollars of each meter for a month's usage, after the included units. */
export const dollarsMonthly = (usage: Usage): Usage =>
  mapMeters((meter) => {
    const { includedMonthly, perMillion } = PRICES[meter]
    return (Math.max(0, usage[meter] - includedMonthly) * perMillion) / MILLION
  })

export const sumOf = (usage: Usage): number => METERS.reduce((sum, meter) => sum + usage[meter], 0)

const mapMeters = (unitsOf: (meter: Meter) => number): Usage =>
  Object.fromEntries(METERS.map((meter) => [meter, unitsOf(meter)])) as Usage
