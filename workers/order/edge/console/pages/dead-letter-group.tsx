import {
  type RedrivenLetters,
  redriveDeadLetters,
} from '../../../../../src/contracts/http/dead-letter-groups.ts'
import { type Instant, toTimestamp } from '../../../../../src/kernel/instant.ts'
import { Action, Choice, counted, Empty, Field, Hidden, Id, refused, Status, Table } from '../parts.tsx'
import { chosen, type PageOf, pathOf } from '../view.ts'
import { DoneWith } from './dead-letters.tsx'

/** How many letters are delivered in a second. Empty: all at once. */
const RATES = [
  { value: '', text: 'all at once' },
  { value: '10', text: '10 a second' },
  { value: '1', text: '1 a second' },
]

/** The open letters of one queue, reason and error: what would happen to them, and the actions on all of them. */
export const deadLetterGroupPage: PageOf = async ({ api, query, now }) => {
  const group = chosen(query, ['queue', 'reason', 'type', 'error'])
  const planned = await api.post(redriveDeadLetters, '/dead-letters/redrive', { ...group, dryRun: true })
  if (!planned.ok) return refused('Dead letters of a group', planned.reason)
  const { plan = { ids: [], invalid: [] }, remaining = 0 } = planned.value
  const body = (
    <>
      <DoneWith query={query} />
      <div class="stack">
        <Facts group={group} letters={remaining} />
        {plan.ids.length === 0 ? (
          <Empty title="No open letter is left in this group." />
        ) : (
          <>
            <Actions {...{ group, letters: remaining, now }} />
            <Plan plan={plan} letters={remaining} />
          </>
        )}
      </div>
    </>
  )
  return { title: 'Dead letters of a group', body }
}

type Group = Readonly<Record<string, string>>

const Facts = ({ group, letters }: { group: Group; letters: number }) => (
  <section class="card">
    <dl class="facts">
      {Object.entries(group).map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </>
      ))}
      <dt>open letters</dt>
      <dd>{letters}</dd>
    </dl>
  </section>
)

/** A letter that fails again after this page was made is not taken once more. */
const Chosen = ({ group, now }: { group: Group; now: Instant }) => (
  <Hidden of={{ ...group, seenBefore: toTimestamp(now) }} />
)

const Actions = ({ group, letters, now }: { group: Group; letters: number; now: Instant }) => (
  <div class="actions">
    <Action
      path="/console/dead-letters/redrive"
      label={`Send ${letters === 1 ? 'it' : `all ${letters}`} again`}
      says="Each goes to its inbox again under its own id, so that it takes effect once. The oldest go first: a thousand with one click, or a hundred with a rate."
    >
      <Chosen group={group} now={now} />
      <Choice label="Rate" name="rate" options={RATES} value="" />
    </Action>
    <Action
      path="/console/dead-letters/discard"
      label={`Discard ${letters === 1 ? 'it' : `all ${letters}`}`}
      isGrave
      says="They are given up, and stay in the list: a thousand with one click."
    >
      <Chosen group={group} now={now} />
      <Field label="Reason" name="why" isRequired />
    </Action>
  </div>
)

type Planned = NonNullable<RedrivenLetters['plan']>

const Plan = ({ plan: { ids, invalid }, letters }: { plan: Planned; letters: number }) => {
  const faulty = new Map(invalid.map(({ id, errors }) => [id, errors]))
  return (
    <section class="card">
      <h2>If they are sent again</h2>
      <p role="status">
        Of {letters > ids.length ? `the oldest ${ids.length}` : counted(ids.length, 'letter')}, a consumer of
        this release can read {ids.length - invalid.length}, and cannot read {invalid.length}.
      </p>
      <Table label="Letters and their faults" heads={['Letter', 'Against its schema']}>
        {ids.map((id) => (
          <tr>
            <td>
              <Id href={pathOf('console', 'dead-letters', id)}>{id}</Id>
            </td>
            <td class="wrap">
              {faulty.has(id) ? (
                faulty.get(id)?.map(({ path, message }) => (
                  <div>
                    <Status tone="bad">{path === '' ? 'the whole message' : path}</Status> {message}
                  </div>
                ))
              ) : (
                <Status tone="good">can be read</Status>
              )}
            </td>
          </tr>
        ))}
      </Table>
    </section>
  )
}
