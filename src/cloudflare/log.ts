import type { Log } from '../messaging/partition.ts'

/** One JSON line for each entry: Workers Logs indexes its fields. Ids go in, tokens and bodies never do. */
export const createLog =
  (service: string): Log =>
  (level, message, fields) =>
    console[level](JSON.stringify({ level, service, message, ...fields }))
