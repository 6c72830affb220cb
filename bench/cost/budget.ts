/**
 * The most that orders may use, beside the rows in `rows.ts`. A change that needs more is seen here in review. A change
 * that needs less lowers the numbers.
 */
type Budget = {
  objectRequests: number
  messages: number
  queueOperations: number
  databaseCalls: number
  alarms: number
}

/** One order alone. */
export const BUDGET_OF_ONE: Budget = {
  objectRequests: 14,
  messages: 8,
  queueOperations: 24,
  databaseCalls: 4,
  alarms: 3,
}

/** A hundred orders at the same time, all of them together. */
export const BUDGET_OF_A_HUNDRED: Budget & { rowsWritten: number } = {
  rowsWritten: 2_000,
  objectRequests: 200,
  messages: 60,
  queueOperations: 180,
  databaseCalls: 60,
  alarms: 24,
}
