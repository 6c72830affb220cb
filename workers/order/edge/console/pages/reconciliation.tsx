import type { z } from 'zod'
import type { Problem } from '../../../../../src/contracts/http/problem.ts'
import { getReconciliation } from '../../../../../src/contracts/http/reconciliation.ts'
import { HOUR_MS, type Instant, toTimestamp } from '../../../../../src/kernel/instant.ts'
import { type Result, success } from '../../../../../src/kernel/result.ts'
import type { Api } from '../api.ts'
import { Choice, counted, Id, money, Next, ProblemCard, Status, Table } from '../parts.tsx'
import { pathOf } from '../view.ts'

type Page = z.infer<
  (typeof getReconciliation)['route']['responses'][200]['content']['application/json']['schema']
>
type Difference = Page['differences'][number]

/** A time, and what the bank's list of it and our payments do not agree on. `nextCursor`: there is more to compare. */
export type Reconciled = { from: string; to: string } & Page

/** A page of the console waits for so many pages of the bank's list. */
const PAGES_MAX = 5

const HOURS = [
  { value: '1', text: 'the last hour' },
  { value: '24', text: 'the last day' },
  { value: '168', text: 'the last week' },
]
const HOURS_DEFAULT = '24'

type Asked = Readonly<Record<string, string>>

/** The time that is compared: as filtered, or so many hours back. */
const timeOf = ({ hours = HOURS_DEFAULT, createdAfter, createdBefore }: Asked, now: Instant) => {
  const span = HOURS.some(({ value }) => value === hours) ? hours : HOURS_DEFAULT
  return {
    from: createdAfter ?? toTimestamp(now - Number(span) * HOUR_MS),
    to: createdBefore ?? toTimestamp(now),
  }
}

/** Compares the bank's list of payments with ours, both ways, from a cursor on. Nothing is changed. */
export const reconcile = async (
  api: Api,
  asked: Asked,
  now: Instant,
): Promise<Result<Reconciled, Problem>> => {
  const time = timeOf(asked, now)
  const all: Reconciled = { ...time, differences: [], checked: 0, departed: 0, unread: 0 }
  let cursor = asked['cursor']
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await api.read(getReconciliation, '/reconciliation', { ...time, cursor })
    if (!page.ok) return page
    all.differences.push(...page.value.differences)
    all.checked += page.value.checked
    all.departed += page.value.departed
    all.unread += page.value.unread
    cursor = page.value.nextCursor
    if (cursor === undefined) return success(all)
  }
  return success({ ...all, nextCursor: cursor })
}

type ReconciliationProps = { asked: Asked; found: Result<Reconciled, Problem> | undefined }

/** The bank's books beside ours: the drift is nothing, or a list. */
export const Reconciliation = ({ asked, found }: ReconciliationProps) => (
  <section class="card" id="reconciliation">
    <h2>Reconciliation with the bank</h2>
    {found !== undefined &&
      (found.ok ? <Found found={found.value} /> : <ProblemCard problem={found.reason} />)}
    <form class="filters" action="/console/payments#reconciliation">
      <input type="hidden" name="drift" value="true" />
      <Choice label="Payments of" name="hours" options={HOURS} value={asked['hours'] ?? HOURS_DEFAULT} />
      <button type="submit">{found === undefined ? 'Compare now' : 'Compare again'}</button>
    </form>
  </section>
)

type FoundProps = { found: Reconciled }

const Found = ({ found: { from, to, differences, checked, departed, unread, nextCursor } }: FoundProps) => (
  <>
    <p role="status">
      {differences.length === 0 ? (
        <Status tone="good">The bank and the payments agree.</Status>
      ) : (
        <Status tone="bad">{counted(differences.length, 'payment differs', 'payments differ')}.</Status>
      )}{' '}
      {counted(checked, 'payment')} compared, made from {shortOf(from)} to {shortOf(to)}. Nothing was changed.
      {departed > 0 &&
        ` ${counted(departed, 'payment')} of the bank not compared, because of orders in the archive.`}
      {unread > 0 && ` The bank did not tell of ${counted(unread, 'payment')}.`}
    </p>
    {differences.length > 0 && (
      <>
        <Table label="Differences" heads={['Order', 'What differs', 'Here', 'At the bank', 'Bank reference']}>
          {differences.map((difference) => (
            <Row difference={difference} />
          ))}
        </Table>
        <p class="dim">
          A payment that changes while it is compared may differ for a moment: compare again.{' '}
          <a href="/docs">The API</a> has the same as <code>GET /reconciliation</code>, and the command line
          as <code>payments reconcile</code>.
        </p>
      </>
    )}
    <Next
      path="/console/payments"
      query={{ drift: 'true', createdAfter: from, createdBefore: to, cursor: nextCursor }}
    />
  </>
)

/** `2026-11-28T04:00:00.000Z` → `2026-11-28 04:00 UTC`. */
const shortOf = (timestamp: string): string => `${timestamp.slice(0, 16).replace('T', ' ')} UTC`

const KINDS: Record<Difference['kind'], string> = {
  missing_here: 'only the bank has it',
  missing_at_bank: 'the bank does not have it',
  amounts_differ: 'the amounts differ',
}

const Row = ({
  difference: { kind, orderId, reference, currency, here, bank },
}: {
  difference: Difference
}) => (
  <tr>
    <td>{orderId === undefined ? '–' : <Id href={pathOf('console', 'orders', orderId)}>{orderId}</Id>}</td>
    <td>
      <Status tone="bad">{KINDS[kind]}</Status>
    </td>
    <td>
      <Amounts balance={here} currency={currency} />
    </td>
    <td>
      <Amounts balance={bank} currency={currency} />
    </td>
    <td>
      <code>{reference}</code>
    </td>
  </tr>
)

type AmountsProps = { balance: Difference['here']; currency: string }

const Amounts = ({ balance, currency }: AmountsProps) => {
  if (balance === undefined) return <>nothing</>
  const { heldAmount, capturedAmount, refundedAmount } = balance
  return (
    <>
      {Object.entries({ held: heldAmount, captured: capturedAmount, refunded: refundedAmount }).map(
        ([name, amount]) => (
          <div>
            <span class="dim">{name}</span> {money(amount, currency)}
          </div>
        ),
      )}
    </>
  )
}
