import type { PeriodView } from '../../../../../src/contracts/http/metrics.ts'
import { HOUR_MS, toTimestamp } from '../../../../../src/kernel/instant.ts'
import { Empty, Status, spanOf, Table } from '../parts.tsx'
import { boundOf, clockOf, count, oldestOf, percent, successOf, toneOf } from './reading.ts'

/** What tells most is first: on a phone the rest is scrolled to. */
const HEADS = [
  ...['From (UTC)', 'Orders', 'Success', 'p95', 'Rejected', 'Cancelled', 'Confirmed', 'p50'],
  ...['Oldest message', 'Dead letters'],
]

/** A half hour stands out where its success is so much below that of the day. */
const SUCCESS_BELOW = 0.1

/** The half hours of a day in which something happened, newest first. Each leads to its orders. */
export const HalfHours = ({ halfHours }: { halfHours: readonly PeriodView[] }) => {
  const busy = halfHours.filter(isBusy)
  const [first] = busy
  const usual = successOf(busy)
  if (first === undefined) return <Empty title="Nothing happened in the last 24 hours." />
  return (
    <>
      <Table label="By the half hour" heads={HEADS}>
        {busy.toReversed().map((halfHour) => (
          <Row halfHour={halfHour} usual={usual} />
        ))}
      </Table>
      {first !== halfHours[0] && (
        <p class="dim">
          Nothing was counted before {clockOf(first.at)} UTC. Half hours without anything are left out.
        </p>
      )}
    </>
  )
}

const isBusy = (period: PeriodView): boolean =>
  period.placed + period.confirmed + period.rejected + period.cancelled + period.deadLetters > 0 ||
  period.settleSeconds !== undefined ||
  oldestOf(period) > 0

type RowProps = { halfHour: PeriodView; usual: number | undefined }

const Row = ({ halfHour, usual = 0 }: RowProps) => {
  const { at, placed, confirmed, rejected, cancelled, settleSeconds, deadLetters } = halfHour
  const oldest = oldestOf(halfHour)
  const success = successOf([halfHour])
  return (
    <tr>
      <td>
        <a href={ordersOf(at)}>
          <time datetime={at}>{clockOf(at)}</time>
        </a>
      </td>
      <td class="num">{count(placed)}</td>
      <td class="num">
        {success !== undefined && success < usual - SUCCESS_BELOW ? (
          <Status tone="warn">{percent(success)}</Status>
        ) : (
          percent(success)
        )}
      </td>
      <td class="num">
        {settleSeconds && <Toned seconds={settleSeconds.p95} says={boundOf(settleSeconds.p95)} />}
      </td>
      <td class="num">{rejected === 0 ? 0 : <a href={ordersOf(at, 'rejected')}>{count(rejected)}</a>}</td>
      <td class="num">{count(cancelled)}</td>
      <td class="num">{count(confirmed)}</td>
      <td class="num">{settleSeconds && boundOf(settleSeconds.p50)}</td>
      <td class="num">{oldest > 0 && <Toned seconds={oldest} says={spanOf(oldest)} />}</td>
      <td class="num">{deadLetters === 0 ? 0 : <Status tone="bad">{count(deadLetters)}</Status>}</td>
    </tr>
  )
}

/** Marked where it is slow. */
const Toned = ({ seconds, says }: { seconds: number; says: string }) => {
  const tone = toneOf(seconds)
  return tone === 'good' ? says : <Status tone={tone}>{says}</Status>
}

/** The orders that were placed in the half hour. */
const ordersOf = (at: string, status?: string): string => {
  const placedBefore = toTimestamp(Date.parse(at) + HOUR_MS / 2)
  const query = { placedAfter: at, placedBefore, ...(status !== undefined && { status }) }
  return `/console/orders?${new URLSearchParams(query)}`
}
