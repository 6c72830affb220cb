import { z } from 'zod'
import { keysAnHourMaxSetting } from '../../src/cloudflare/key-settings.ts'
import {
  type MessageSettings,
  messageFields,
  messageSettings,
} from '../../src/cloudflare/message-settings.ts'
import { GATEWAYS, type Gateway } from '../../src/contracts/gateways.ts'
import { isCurrency } from '../../src/kernel/currencies.ts'
import { keyFaultOf, weaknessOf } from '../../src/kernel/key-strength.ts'
import { type PartitionCounts, parseOpenPartitionCounts } from '../../src/kernel/partitions.ts'
import { type Result, refusal, success } from '../../src/kernel/result.ts'
import { type LiveLimits, liveFields, liveLimits, type WaitLimits } from '../../src/order/live-limits.ts'
import type { CustomerLimitSettings } from '../../src/order/open-order-limits.ts'
import { FAILURES_MAX } from '../../src/order/recent-outcomes.ts'
import { RETENTION_DAYS_MAX, RETENTION_DAYS_MIN } from '../../src/order/retention.ts'
import { type BridgeSettings, bridgeFields, bridgeSettings } from './bridge/bridge-settings.ts'

const DEADLINE_SECONDS_DEFAULT = 900
/** After a day no customer waits any more, and an authorization may have lapsed. */
const DEADLINE_SECONDS_MAX = 86_400

/** It is public: `.dev.vars.example` has it. */
const DEVELOPMENT_KEY = 'dev-admin-key'

const SET_KEY =
  'set it with `npx wrangler secret put BOOTSTRAP_KEY`, or locally in .dev.vars, as .dev.vars.example shows'

/** An application of Cloudflare Access: the origin of its team's domain, and its audience tag. */
export type Access = { team: string; audience: string }

export type OrderSettings = {
  /** Undefined where they are left open: the partitions remember them. */
  partitions: PartitionCounts | undefined
  deadlineMs: number
  defaultCurrency: string
  /** The bank that the payment Worker calls. It decides which orders can be charged. */
  gateway: Gateway
  /** How much one customer of a client may have open, and how often in succession its orders may fail. */
  customerLimits: CustomerLimitSettings
  bootstrapKey: string
  /** The keys of read tokens, where they have keys of their own: the first seals, and all open. */
  readTokenKeys: readonly string[]
  /** The origins whose pages may read with read tokens. */
  corsOrigins: string[]
  /** How many live streams, and how many waits by `Prefer: wait`, one isolate keeps open at the same time. */
  streams: LiveLimits
  waits: LiveLimits
  /** How many of both wait in one order partition. */
  partitionWaits: WaitLimits
  keysAnHourMax: number
  /** A partition whose database has so many bytes takes no new orders while another has room. */
  partitionBytesMax: number
  /** Settled orders leave for the archive so many days after their last fact. 0: none leaves. */
  retentionDays: number
  messages: MessageSettings
  /** How many orders one isolate sends to a partition at the same time. */
  partitionOrders: number
  /** The application of Cloudflare Access that stands in front of the console. Undefined: none does. */
  access: Access | undefined
  /** The bridge that runs here. Undefined: none does. */
  bridge: BridgeSettings | undefined
  /** Ready only when the demo catalogue can be ordered. */
  hasDemoCatalogue: boolean
  /** Settings that an operator should replace, although orders go on. */
  warnings: string[]
}

/** More than a person orders within seconds. A business customer that orders more gets higher limits, or none. */
const CUSTOMER_LIMITS_DEFAULT: CustomerLimitSettings = { orders: 20, units: 10_000, failures: 5 }

/** A Durable Object holds 10 GB. The rest is for what becomes of the orders that are there. */
const PARTITION_BYTES_DEFAULT = 8_000_000_000
const PARTITION_BYTES_MAX = 10_000_000_000

/** 0 switches a limit off. */
const limitField = (max: number) => z.coerce.number().int().min(0).max(max)

const tokenKeyField = z.string().min(32, 'must have at least 32 characters').optional()

/** Newest first: a key is replaced by a second one, because a secret that is set cannot be read back. */
const TOKEN_KEYS = ['READ_TOKEN_KEY_2', 'READ_TOKEN_KEY'] as const

const fieldsSchema = z.object({
  ...liveFields,
  ORDER_PARTITIONS: z.string().default(''),
  ORDER_DEADLINE_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(DEADLINE_SECONDS_MAX)
    .default(DEADLINE_SECONDS_DEFAULT),
  CUSTOMER_OPEN_ORDERS: limitField(100_000).default(CUSTOMER_LIMITS_DEFAULT.orders),
  CUSTOMER_OPEN_UNITS: limitField(1_000_000_000).default(CUSTOMER_LIMITS_DEFAULT.units),
  CUSTOMER_FAILED_ORDERS: limitField(FAILURES_MAX).default(CUSTOMER_LIMITS_DEFAULT.failures),
  DEFAULT_CURRENCY: z.string().refine(isCurrency, 'must be an active ISO 4217 currency').default('USD'),
  PAYMENT_GATEWAY: z.enum(GATEWAYS).default('simulator'),
  BOOTSTRAP_KEY: z
    .string({ error: `is a required secret: ${SET_KEY}` })
    .min(8, 'must have at least 8 characters'),
  READ_TOKEN_KEY: tokenKeyField,
  READ_TOKEN_KEY_2: tokenKeyField,
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform((list) => list.split(',').flatMap((origin) => origin.trim() || []))
    .refine((origins) => origins.every(isWebOrigin), {
      error: 'must be origins such as https://shop.example, separated by commas, without paths or wildcards',
    }),
  ACCESS_TEAM_DOMAIN: z
    .string()
    .trim()
    .default('')
    .refine((text) => isTeamDomain(text), {
      error: 'must be the origin of your team, such as https://shop.cloudflareaccess.com, without a path',
    }),
  ACCESS_AUDIENCE: z
    .string()
    .trim()
    .default('')
    .refine((text) => text === '' || /^[0-9a-f]{64}$/.test(text), {
      error: 'must be the audience tag of the application, 64 hexadecimal digits',
    }),
  ORDER_PARTITION_BYTES_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .max(PARTITION_BYTES_MAX)
    .default(PARTITION_BYTES_DEFAULT),
  RETENTION_DAYS: z.coerce
    .number()
    .int()
    .max(RETENTION_DAYS_MAX)
    .refine((days) => days === 0 || days >= RETENTION_DAYS_MIN, {
      error: `must be 0, so that no order leaves, or at least ${RETENTION_DAYS_MIN}`,
    })
    .default(0),
  KEYS_AN_HOUR_MAX: keysAnHourMaxSetting,
  ...messageFields,
  ...bridgeFields,
  DEMO_CATALOGUE: z.enum(['true', 'false']).default('false'),
})

const schema = fieldsSchema
  .refine((env) => env.BOOTSTRAP_KEY !== DEVELOPMENT_KEY || env.DEMO_CATALOGUE === 'true', {
    path: ['BOOTSTRAP_KEY'],
    error: `is the development key, which is public: ${SET_KEY}. It is accepted only where .dev.vars says DEMO_CATALOGUE=true`,
  })
  .refine((env) => (env.ACCESS_TEAM_DOMAIN === '') === (env.ACCESS_AUDIENCE === ''), {
    path: ['ACCESS_AUDIENCE'],
    error: 'and ACCESS_TEAM_DOMAIN are set together, or neither is',
  })

/** Exactly as browsers send an origin. The `null` of a page without an origin does not count. */
const isWebOrigin = (text: string): boolean => /^https?:[^*]+$/.test(text) && URL.parse(text)?.origin === text

/** Without encryption only on this machine, where tests have a team of their own. */
const isTeamDomain = (text: string): boolean =>
  text === '' || (isWebOrigin(text) && /^(?:https:|http:\/\/(?:127\.0\.0\.1|localhost):)/.test(text))

/** The Worker's configuration, or all its faults. */
export const readOrderSettings = (env: unknown): Result<OrderSettings, string[]> => {
  const parsed = schema.safeParse(env)
  if (!parsed.success) {
    return refusal(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`))
  }
  const partitions = parseOpenPartitionCounts(parsed.data.ORDER_PARTITIONS)
  if (!partitions.ok) return refusal([`ORDER_PARTITIONS ${partitions.reason}`])
  const bridge = bridgeSettings(parsed.data)
  if (!bridge.ok) return refusal([bridge.reason])
  return success({
    partitions: partitions.value,
    deadlineMs: parsed.data.ORDER_DEADLINE_SECONDS * 1_000,
    defaultCurrency: parsed.data.DEFAULT_CURRENCY,
    gateway: parsed.data.PAYMENT_GATEWAY,
    customerLimits: {
      orders: parsed.data.CUSTOMER_OPEN_ORDERS,
      units: parsed.data.CUSTOMER_OPEN_UNITS,
      failures: parsed.data.CUSTOMER_FAILED_ORDERS,
    },
    bootstrapKey: parsed.data.BOOTSTRAP_KEY,
    readTokenKeys: TOKEN_KEYS.flatMap((name) => parsed.data[name] ?? []),
    corsOrigins: parsed.data.CORS_ORIGINS,
    keysAnHourMax: parsed.data.KEYS_AN_HOUR_MAX,
    partitionBytesMax: parsed.data.ORDER_PARTITION_BYTES_MAX,
    retentionDays: parsed.data.RETENTION_DAYS,
    messages: messageSettings(parsed.data),
    access: accessOf(parsed.data),
    bridge: bridge.value,
    hasDemoCatalogue: parsed.data.DEMO_CATALOGUE === 'true',
    warnings: warningsOf(parsed.data),
    ...liveLimits(parsed.data),
  })
}

const accessOf = (fields: z.infer<typeof fieldsSchema>): Access | undefined =>
  fields.ACCESS_TEAM_DOMAIN === ''
    ? undefined
    : { team: fields.ACCESS_TEAM_DOMAIN, audience: fields.ACCESS_AUDIENCE }

const MAKE_KEY = '`openssl rand -hex 32` makes a good one'

/** A deployment that was set up under older rules goes on working, and `/readyz` names what to replace. */
const warningsOf = (fields: z.infer<typeof fieldsSchema>): string[] => {
  if (fields.DEMO_CATALOGUE === 'true') return []
  const fault = keyFaultOf(fields.BOOTSTRAP_KEY)
  return [
    ...(fault
      ? [`BOOTSTRAP_KEY ${fault}. ${MAKE_KEY}, \`npx wrangler secret put BOOTSTRAP_KEY\` sets it`]
      : []),
    ...TOKEN_KEYS.flatMap((name) => {
      const weakness = fields[name] && weaknessOf(fields[name])
      return weakness ? [`${name} ${weakness}. ${MAKE_KEY}, \`npx wrangler secret put ${name}\` sets it`] : []
    }),
  ]
}
