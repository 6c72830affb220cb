import type { z } from 'zod'
import { listDeadLetters } from '../../../../../src/contracts/http/operations.ts'
import { Action, Empty, Field, Id, Json, Next, ProblemCard, State, Status, When } from '../parts.tsx'
import { chosen, type PageOf, pathOf } from '../view.ts'

type Letter = z.infer<
  (typeof listDeadLetters)['route']['responses'][200]['content']['application/json']['schema']
>['items'][number]

/** As many as one call sends again. */
const LETTERS_SHOWN = 100
const STATUSES = ['open', 'redriven', 'discarded']
const REFRESH_SECONDS = 10

const DONE: Readonly<Record<string, string>> = {
  redriven: 'Sent again. A letter that cannot be handled this time either is open again soon.',
  discarded: 'Discarded. The letter stays in the list, with the reason.',
}

/** What could not be handled, grouped by queue and reason. */
export const deadLettersPage: PageOf = async ({ api, query, now }) => {
  const filters = { status: 'open', ...chosen(query, ['status', 'queue', 'cursor']) }
  const letters = await api.read(listDeadLetters, '/dead-letters', { ...filters, limit: LETTERS_SHOWN })
  const done = DONE[query.get('done') ?? '']
  const body = (
    <>
      {done !== undefined && (
        <p class="done" role="status">
          {done}
        </p>
      )}
      <form class="filters">
        <label class="field">
          <span>Status</span>
          <select name="status">
            {STATUSES.map((status) => (
              <option value={status} selected={filters.status === status}>
                {status}
              </option>
            ))}
          </select>
        </label>
        <button type="submit">Filter</button>
      </form>
      <div class="stack" data-part="letters">
        {letters.ok ? (
          <Groups letters={letters.value.items} now={now} />
        ) : (
          <ProblemCard problem={letters.reason} />
        )}
        <Next
          path="/console/dead-letters"
          query={{ ...filters, cursor: letters.ok ? letters.value.nextCursor : undefined }}
        />
      </div>
    </>
  )
  return {
    title: 'Dead letters',
    body,
    refresh: REFRESH_SECONDS,
    ...(!letters.ok && { status: letters.reason.status }),
  }
}

const Groups = ({ letters, now }: { letters: Letter[]; now: number }) => {
  if (letters.length === 0) return <Empty title="There are none: every event was handled." />
  const groups = Map.groupBy(letters, ({ queue, reason }) => `${queue} · ${reason}`)
  return (
    <>
      {[...groups].map(([name, group]) => (
        <section class="card">
          <h2>
            {name} <span class="dim">({group.length})</span>
          </h2>
          {group.length > 1 && <RedriveAll letters={group} />}
          {group.map((letter) => (
            <LetterRow letter={letter} now={now} />
          ))}
        </section>
      ))}
    </>
  )
}

const RedriveAll = ({ letters }: { letters: Letter[] }) => (
  <Action
    path="/console/dead-letters/redrive"
    label={`Send all ${letters.length} again`}
    says={`${letters.length} letters go to their inbox again, each under its own id, so that it takes effect once.`}
  >
    {letters.map(({ id }) => (
      <input type="hidden" name="id" value={id} />
    ))}
  </Action>
)

const LetterRow = ({ letter, now }: { letter: Letter; now: number }) => {
  const path = pathOf('console', 'dead-letters', letter.id)
  return (
    <article class="letter" id={letter.id}>
      <p>
        <State of={letter.status} /> <Id>{letter.id}</Id>{' '}
        <span class="dim">
          seen <When at={letter.lastSeenAt} now={now} />, {letter.attempts} deliveries, parked {letter.times}{' '}
          times
        </span>
      </p>
      <p>{letter.error}</p>
      {letter.orderId !== undefined && (
        <p>
          Order <Id href={pathOf('console', 'orders', letter.orderId)}>{letter.orderId}</Id>
        </p>
      )}
      <Json title="Event" of={letter.event} />
      {letter.status === 'open' ? (
        <div class="actions">
          <Action
            path={`${path}/redrive`}
            label="Send again"
            says="It goes to its inbox again under its own id."
          />
          <Action
            path={`${path}/discard`}
            label="Discard"
            isGrave
            says="It is given up. It stays in the list."
          >
            <Field label="Reason" name="reason" isRequired />
          </Action>
        </div>
      ) : (
        <Status tone="off">closed</Status>
      )}
    </article>
  )
}
