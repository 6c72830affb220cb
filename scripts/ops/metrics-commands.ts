import { type components, orThrow } from '../../packages/client/src/index.ts'
import type { Command } from './command.ts'

type Period = components['schemas']['HalfHour']

/** What became of orders in the last hour or day. */
export const METRICS_COMMANDS: Record<string, Command> = {
  'metrics hour': async (api) => {
    const response = await orThrow(api.GET('/metrics/history'))
    return { ...reportOf(response.minutes, response.unread, 'hour'), response }
  },

  'metrics day': async (api) => {
    const response = await orThrow(api.GET('/metrics/day'))
    return { ...reportOf(response.halfHours, response.unread, 'day'), response }
  },
}

const HEADS = ['from', 'placed', 'confirmed', 'rejected', 'cancelled', 'success', 'p50', 'p95', 'letters']

/** A row for each period in which something happened, oldest first. */
const reportOf = (periods: readonly Period[], unread: readonly string[], range: string) => {
  const busy = periods.filter(isBusy)
  return {
    rows: busy.length === 0 ? [] : [HEADS, ...busy.map(rowOf)],
    ...(busy.length === 0 && { note: `Nothing happened in the last ${range}.` }),
    ...(unread.length > 0 && { note: `Not read: ${unread.join(', ')}. Their counts are missing.` }),
    isIncomplete: unread.length > 0,
  }
}

const isBusy = ({ placed, confirmed, rejected, cancelled, deadLetters, settleSeconds }: Period): boolean =>
  placed + confirmed + rejected + cancelled + deadLetters > 0 || settleSeconds !== undefined

const rowOf = (period: Period): string[] => {
  const { at, placed, confirmed, rejected, cancelled, settleSeconds, deadLetters } = period
  const counts = [placed, confirmed, rejected, cancelled].map(String)
  const times = [settleSeconds?.p50, settleSeconds?.p95].map(textOfSeconds)
  return [at.slice(0, 'YYYY-MM-DDThh:mm'.length), ...counts, successOf(period), ...times, String(deadLetters)]
}

const successOf = ({ confirmed, rejected }: Period): string =>
  confirmed + rejected === 0 ? '-' : `${((100 * confirmed) / (confirmed + rejected)).toFixed(1)} %`

/** The upper bound of a bucket. The last bound also stands for more. */
const textOfSeconds = (seconds: number | undefined): string => (seconds === undefined ? '-' : `${seconds} s`)
