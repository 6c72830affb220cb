import type { BankByMinute } from '../contracts/bank-by-minute.ts'
import type { Minute } from '../messaging/minutes.ts'

/** What all partitions together asked the bank in each minute. A minute without a call is left out. */
export const sumByMinute = (minutes: readonly Minute[]): BankByMinute =>
  [...Map.groupBy(minutes, ({ minute }) => minute)].flatMap(([minute, parts]) => {
    const count = (name: string) => parts.reduce((sum, { counts }) => sum + (counts[name] ?? 0), 0)
    const calls = count('bankCalls')
    return calls === 0 ? [] : [{ minute, calls, failures: count('bankFailures') }]
  })
