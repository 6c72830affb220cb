import { createHash } from 'node:crypto'

/** Only webhooks use this key. Orders use a stand-in for their hasher. */
export const STORAGE_KEY = createHash('sha256').update('simulated storage key').digest('hex')
