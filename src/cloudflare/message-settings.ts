import { z } from 'zod'

const MESSAGE_FORMATS = ['text', 'json'] as const

/** How a Worker and its partitions put events on queues. */
export type MessageSettings = {
  /** `text`: events are serialised once. `json`: the queue serialises them, for consumers that cannot read text. */
  format: (typeof MESSAGE_FORMATS)[number]
  /** Two sends of one partition, or of one Worker's isolate, begin at least this far apart. */
  lingerMs: number
  /** The share of traces whose handled events are logged, from 0 to 1. */
  eventLogShare: number
}

/** A configuration without the setting is of an earlier release, which did not linger. */
const LINGER_MS_DEFAULT = 0
/** An order waits up to four times, once for each hop. A longer linger would save little more. */
const LINGER_MS_MAX = 1_000

/** As of spans: a line for each event of every order would cost more than the rows of its lists. */
const EVENT_LOG_SHARE_DEFAULT = 0.1

/** These fields of each Worker's configuration. */
export const messageFields = {
  MESSAGE_FORMAT: z.enum(MESSAGE_FORMATS).default('text'),
  LINGER_MS: z.coerce.number().int().min(0).max(LINGER_MS_MAX).default(LINGER_MS_DEFAULT),
  EVENT_LOG_SHARE: z.coerce.number().min(0).max(1).default(EVENT_LOG_SHARE_DEFAULT),
}

const schema = z.object(messageFields)

export const messageSettings = (fields: z.infer<typeof schema>): MessageSettings => ({
  format: fields.MESSAGE_FORMAT,
  lingerMs: fields.LINGER_MS,
  eventLogShare: fields.EVENT_LOG_SHARE,
})

/** For a partition that reads few other settings. Its Worker reports a faulty value, and consumes nothing. */
export const messageSettingsOf = (env: unknown): MessageSettings => {
  const { data } = schema.safeParse(env)
  return messageSettings(data ?? schema.parse({}))
}
