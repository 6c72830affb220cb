import type { Log } from '../messaging/partition.ts'

/** One JSON line for each entry: Workers Logs indexes its fields. A line has ids, and never a token or a body. */
export const createLog =
  (service: string): Log =>
  (level, message, fields) =>
    console[level](JSON.stringify({ level, service, message, ...fields }))
