import type { z } from 'zod'
import { CONSUMERS } from '../../../../../src/contracts/dead-letter.ts'
import { listDeadLetterGroups } from '../../../../../src/contracts/http/dead-letter-groups.ts'
import { type deadLetterViewSchema, listDeadLetters } from '../../../../../src/contracts/http/operations.ts'
import {
  Choice,
  counted,
  Done,
  Empty,
  Field,
  Id,
  Narrow,
  Next,
  refused,
  State,
  Table,
  When,
} from '../parts.tsx'
import { chosen, isNarrowed, type PageOf, pathOf } from '../view.ts'

type Letter = z.infer<typeof deadLetterViewSchema>
type Groups = z.infer<
  (typeof listDeadLetterGroups)['route']['responses'][200]['content']['application/json']['schema']
>

const STATUSES = ['open', 'redriven', 'discarded']
const QUEUES = CONSUMERS.map((consumer) => `${consumer}-inbox`)
const FILTERS = ['status', 'queue', 'reason', 'type', 'cursor']
const REFRESH_SECONDS = 10

/** What could not be handled: grouped by queue, reason and error, and letter by letter. */
export const deadLettersPage: PageOf = async ({ api, query, now }) => {
  const filters = { status: 'open', ...chosen(query, FILTERS) }
  const { status, ...rest } = chosen(query, ['status', 'queue'])
  const [groups, letters] = await Promise.all([
    api.read(listDeadLetterGroups, '/dead-letter-groups', { ...rest, status: filters.status }),
    api.read(listDeadLetters, '/dead-letters', filters),
  ])
  if (!groups.ok) return refused('Dead letters', groups.reason)
  if (!letters.ok) return refused('Dead letters', letters.reason)
  const body = (
    <>
      <DoneWith query={query} />
      <Filters filters={filters} />
      <div class="stack" data-part="letters">
        <GroupTable groups={groups.value} status={filters.status} now={now} />
        <LetterTable letters={letters.value.items} now={now} />
        <Next path="/console/dead-letters" query={{ ...filters, cursor: letters.value.nextCursor }} />
      </div>
    </>
  )
  return { title: 'Dead letters', body, refresh: REFRESH_SECONDS }
}

/** What an action on letters has done, in words. */
export const DoneWith = ({ query }: { query: URLSearchParams }) => {
  const [count, remaining, seconds] = ['count', 'remaining', 'seconds'].map((name) => Number(query.get(name)))
  const letters = counted(count ?? 0, 'letter')
  const rest = remaining ? ` ${counted(remaining, 'more matches', 'more match')}.` : ''
  const pace = seconds ? ` The last of them is delivered in ${seconds} s.` : ''
  const says = {
    redriven: `${letters} sent again.${pace}${rest} A letter that cannot be handled this time either is open again soon.`,
    discarded: `${letters} discarded, and kept with the reason.${rest}`,
  }
  return <Done query={query} says={says} />
}

const Filters = ({ filters }: { filters: Record<string, string | undefined> }) => (
  <Narrow
    path="/console/dead-letters"
    isSet={isNarrowed({ ...filters, ...(filters['status'] === 'open' && { status: '' }) })}
  >
    <Choice label="Status" name="status" options={STATUSES} value={filters['status']} />
    <Choice label="Queue" name="queue" any="Any" options={QUEUES} value={filters['queue']} />
    <Field label="Reason" name="reason" value={filters['reason'] ?? ''} />
    <Field label="Type of event" name="type" value={filters['type'] ?? ''} />
  </Narrow>
)

const GROUP_HEADS = ['Letters', 'Queue', 'Reason', 'Error', 'First seen', 'Last seen']

/** Only open letters can be handled as a group. */
const GroupTable = ({ groups, status, now }: { groups: Groups; status: string; now: number }) => {
  if (groups.groups.length === 0 && status === 'open')
    return <Empty title="There are none: every event was handled." />
  if (groups.groups.length === 0 || status !== 'open') return null
  return (
    <section>
      <h2>Groups</h2>
      <Table label="Groups of letters" heads={GROUP_HEADS}>
        {groups.groups.map(({ queue, reason, error, letters, firstSeenAt, lastSeenAt }) => (
          <tr>
            <td class="num">{letters}</td>
            <td>{queue}</td>
            <td>
              <a href={`/console/dead-letters/group?${new URLSearchParams({ queue, reason, error })}`}>
                {reason}
              </a>
            </td>
            <td class="wrap">{error}</td>
            <td>
              <When at={firstSeenAt} now={now} />
            </td>
            <td>
              <When at={lastSeenAt} now={now} />
            </td>
          </tr>
        ))}
      </Table>
      {groups.hasMore && <p class="dim">There are more letters or groups than these.</p>}
    </section>
  )
}

const LETTER_HEADS = ['Letter', 'State', 'Queue', 'Reason', 'Error', 'Order', 'Parked', 'Last seen']

const LetterTable = ({ letters, now }: { letters: Letter[]; now: number }) => {
  if (letters.length === 0) return <p class="dim">No letter is like that on this page.</p>
  return (
    <section>
      <h2>Letters</h2>
      <Table label="Letters" heads={LETTER_HEADS}>
        {letters.map((letter) => (
          <tr>
            <td>
              <Id href={pathOf('console', 'dead-letters', letter.id)}>{letter.id}</Id>
            </td>
            <td>
              <State of={letter.status} />
            </td>
            <td>{letter.queue}</td>
            <td>{letter.reason}</td>
            <td class="wrap">{letter.error}</td>
            <td>
              {letter.orderId !== undefined && (
                <Id href={pathOf('console', 'orders', letter.orderId)}>{letter.orderId}</Id>
              )}
            </td>
            <td class="num">×{letter.times}</td>
            <td>
              <When at={letter.lastSeenAt} now={now} />
            </td>
          </tr>
        ))}
      </Table>
    </section>
  )
}
