import { newUlid } from '../../../src/cloudflare/new-ulid.ts'

/** `wh_…` for a webhook, `msg_…` for a delivery. */
export const newId = (prefix: 'wh' | 'msg'): string => `${prefix}_${newUlid()}`
