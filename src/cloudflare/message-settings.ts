import { z } from 'zod'

const MESSAGE_FORMATS = ['text', 'json'] as const

/** `text`: events are serialised once. `json`: the queue serialises them, for consumers that cannot read text. */
export type MessageFormat = (typeof MESSAGE_FORMATS)[number]

const MESSAGE_FORMAT_DEFAULT: MessageFormat = 'text'

/** `MESSAGE_FORMAT` of each Worker's configuration. */
export const messageFormatSetting = z.enum(MESSAGE_FORMATS).default(MESSAGE_FORMAT_DEFAULT)

/** For a partition that reads few other settings. Its Worker reports a faulty value. */
export const messageFormatOf = (env: unknown): MessageFormat =>
  z.object({ MESSAGE_FORMAT: messageFormatSetting }).safeParse(env).data?.MESSAGE_FORMAT ??
  MESSAGE_FORMAT_DEFAULT
