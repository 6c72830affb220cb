import { DAY_MS, toTimestamp } from '../../kernel/instant.ts'
import type { PortionPlace } from './departure-store.ts'

/**
 * The name of a portion in the archive, such as `orders-0/2026-11-21/000000042-ord_0_01j….ndjson`. With its first id no
 * two deployments give one name to two portions.
 */
export const archiveNameOf = (label: string, { portion, day, firstId }: PortionPlace): string => {
  const folder = day === null ? 'external' : toTimestamp(day * DAY_MS).slice(0, '2026-11-21'.length)
  return `orders-${label}/${folder}/${String(portion).padStart(9, '0')}-${firstId}.ndjson`
}
