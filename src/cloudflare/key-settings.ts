import { z } from 'zod'
import { KEYS_AN_HOUR_MAX } from '../messaging/hourly-allowance.ts'

/** `KEYS_AN_HOUR_MAX` of each Worker's configuration. */
export const keysAnHourMaxSetting = z.coerce.number().int().min(1).default(KEYS_AN_HOUR_MAX)

/** For a partition that reads no other setting. Its Worker reports a faulty value. */
export const keysAnHourMaxOf = (env: unknown): number =>
  z.object({ KEYS_AN_HOUR_MAX: keysAnHourMaxSetting }).safeParse(env).data?.KEYS_AN_HOUR_MAX ??
  KEYS_AN_HOUR_MAX
