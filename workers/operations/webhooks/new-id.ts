import { ulid } from '../../../src/kernel/ids.ts'

/** `wh_…` for a webhook, `msg_…` for a delivery. */
export const newId = (prefix: 'wh' | 'msg'): string =>
  `${prefix}_${ulid(Date.now(), (count) => crypto.getRandomValues(new Uint8Array(count)))}`
