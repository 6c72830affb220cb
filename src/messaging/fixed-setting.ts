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

/** A fixed setting that operators may leave open. The system then keeps to the value that its partitions remember. */
export type OpenSetting = {
  key: string
  /** The value where nothing is stored yet. */
  ofNewSystem: string
  /** The value where something was stored before values were remembered. */
  ofOldSystem: string
  withValue(value: string): FixedSetting
}

/** Whether exactly this value is remembered. Throws where the remembered one forbids it; then nothing was written. */
export const isRemembered = (sql: Sql, setting: FixedSetting): boolean => {
  const earlier = rememberedValue(sql, setting.key)
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

/** For the first partition, before it makes its tables: the value that the system runs with. */
export const valueOfSystem = (sql: Sql, { key, ofOldSystem, ofNewSystem }: OpenSetting): string =>
  rememberedValue(sql, key) ?? (hasTable(sql, 'schema_version') ? ofOldSystem : ofNewSystem)

/** A partition that never ran has no table yet. */
export const rememberedValue = (sql: Sql, key: string): string | undefined => {
  if (!hasTable(sql, 'settings')) return undefined
  return sql<{ value: string }>('SELECT value FROM settings WHERE name = ?', key)[0]?.value
}

const hasTable = (sql: Sql, name: string): boolean =>
  sql("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", name).length > 0

const contradiction = ({ name, value, decides, advice }: FixedSetting, earlier: string): string =>
  `${name} is ${value}, but this system was started with ${earlier}, which decides ${decides}. ${advice(earlier)}`

const CONTRADICTION = /[A-Z_]+ is \S+, but this system was started with .*$/s

/** What an error says of a setting that is refused. Of an error in another object only the message arrives. */
export const contradictionIn = (error: unknown): string | undefined => CONTRADICTION.exec(String(error))?.[0]
