/** How far a commit had got when the partition crashed, for the coverage of the faults. */
export type CrashPoint = 'none' | 'in a turn' | 'before commit' | 'after commit' | 'at an await'

/** What one turn was asked to do, and which orders that was about. */
export type Turn = { what: string; touches: readonly Touch[]; isManyTurns?: boolean }

export type Touch = { event: string; orderId: string }

/** How turns ended, and what they wrote that is durable now. */
export type TurnsEnd = {
  point: CrashPoint
  turns: readonly Turn[]
  wrote(table: string): boolean
}

/** The turn of the alarm. The coverage cells know it by this name. */
export const ALARM_TURN: Turn = { what: 'wake', touches: [] }

/** The error that a caller gets when the object was reset. */
export const RESET = 'The object was reset.'
