import type { PartitionHost } from './partition.ts'
import type { Sql } from './sql.ts'

/** The table of what partitions remember of their settings. */
export const SETTINGS_TABLE =
  'CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID'

/** A setting that decides where data lie: what was stored under one value is not found under another. */
export type FixedSetting = {
  /** As operators know it. */
  name: string
  /** As the table knows it. */
  key: string
  value: string
  /** `where each order lies` */
  decides: string
  /** Whether all that was stored under an earlier value is still found under this one. */
  follows(earlier: string): boolean
  /** What to set instead. */
  advice(earlier: string): string
}

/** Whether exactly this value is remembered. Throws where the remembered one forbids it; then nothing was written. */
export const isRemembered = (sql: Sql, setting: FixedSetting): boolean => {
  const earlier = rememberedValue(sql, setting)
  if (earlier === undefined || earlier === setting.value) return earlier !== undefined
  if (!setting.follows(earlier)) throw new Error(contradiction(setting, earlier))
  return false
}

/** From now on data lie where this value puts them. Throws where the remembered value forbids it. */
export const rememberSetting = (
  { sql, turn }: Pick<PartitionHost, 'sql' | 'turn'>,
  setting: FixedSetting,
): void => {
  if (isRemembered(sql, setting)) return
  turn(() => sql('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)', setting.key, setting.value))
}

/** A partition that never ran has no table yet. */
const rememberedValue = (sql: Sql, { key }: FixedSetting): string | undefined => {
  const [table] = sql("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'settings'")
  if (table === undefined) return undefined
  return sql<{ value: string }>('SELECT value FROM settings WHERE name = ?', key)[0]?.value
}

const contradiction = ({ name, value, decides, advice }: FixedSetting, earlier: string): string =>
  `${name} is ${value}, but this system was started with ${earlier}, which decides ${decides}. ${advice(earlier)}`

const CONTRADICTION = /[A-Z_]+ is \S+, but this system was started with .*$/s

/** What an error says of a setting that is refused. Of an error in another object only the message arrives. */
export const contradictionIn = (error: unknown): string | undefined => CONTRADICTION.exec(String(error))?.[0]
