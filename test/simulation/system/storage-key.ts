import { createHash } from 'node:crypto'

/** Of the webhooks alone: orders take a stand-in of their hasher. */
export const STORAGE_KEY = createHash('sha256').update('simulated storage key').digest('hex')
