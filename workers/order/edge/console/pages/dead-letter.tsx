import type { z } from 'zod'
import { listAuditLog } from '../../../../../src/contracts/http/audit-log.ts'
import { type deadLetterDetailSchema, getDeadLetter } from '../../../../../src/contracts/http/operations.ts'
import { Action, counted, Field, Id, Json, refused, State, Status, Table, When } from '../parts.tsx'
import { type PageOf, pathOf } from '../view.ts'
import { DoneWith } from './dead-letters.tsx'

type Letter = z.infer<typeof deadLetterDetailSchema>
type Entry = z.infer<
  (typeof listAuditLog)['route']['responses'][200]['content']['application/json']['schema']
>['items'][number]

const REFRESH_SECONDS = 10

/** One dead letter: its event against its schema, what was done about it, and what can be done. */
export const deadLetterPage: PageOf = async ({ api, id, query, now }) => {
  const [found, log] = await Promise.all([
    api.read(getDeadLetter, pathOf('dead-letters', id)),
    api.read(listAuditLog, '/audit-log', { subject: id }),
  ])
  if (!found.ok) {
    const { reason } = found
    return refused('Dead letter', reason)
  }
  const letter = found.value
  const body = (
    <>
      <DoneWith query={query} />
      <div class="stack" data-part="letter">
        {letter.status !== 'discarded' && <Actions letter={letter} />}
        <Facts letter={letter} now={now} />
        <Validation letter={letter} />
        <section class="card">
          <Json title="Event, without its payment token" of={letter.event} isOpen />
          {letter.first !== undefined && <Json title="The variant that came first" of={letter.first} />}
        </section>
        {log.ok && log.value.items.length > 0 && <History entries={log.value.items} now={now} />}
      </div>
    </>
  )
  return { title: 'Dead letter', body, refresh: REFRESH_SECONDS }
}

const Actions = ({ letter: { id } }: { letter: Letter }) => {
  const path = pathOf('console', 'dead-letters', id)
  return (
    <div class="actions">
      <Action
        path={`${path}/redrive`}
        label="Send again"
        says="It goes to its inbox again under its own id."
      />
      <Action path={`${path}/discard`} label="Discard" isGrave says="It is given up. It stays in the list.">
        <Field label="Reason" name="reason" isRequired />
      </Action>
    </div>
  )
}

const Facts = ({ letter, now }: { letter: Letter; now: number }) => (
  <section class="card">
    <dl class="facts">
      <dt>State</dt>
      <dd>
        <State of={letter.status} />
      </dd>
      <dt>Letter</dt>
      <dd>
        <Id>{letter.id}</Id>
      </dd>
      <dt>Queue</dt>
      <dd>{letter.queue}</dd>
      <dt>Reason</dt>
      <dd>{letter.reason}</dd>
      <dt>Error</dt>
      <dd>{letter.error}</dd>
      {letter.orderId !== undefined && (
        <>
          <dt>Order</dt>
          <dd>
            <Id href={pathOf('console', 'orders', letter.orderId)}>{letter.orderId}</Id>
          </dd>
        </>
      )}
      <dt>Seen</dt>
      <dd>
        first <When at={letter.firstSeenAt} now={now} />, last <When at={letter.lastSeenAt} now={now} />
      </dd>
      <dt>Tried</dt>
      <dd>
        {counted(letter.attempts, 'delivery', 'deliveries')}, parked {counted(letter.times, 'time')}
      </dd>
    </dl>
  </section>
)

const Validation = ({ letter: { validation } }: { letter: Letter }) => (
  <section class="card">
    <h2>Against its schema</h2>
    <p>
      {validation.errors.length === 0 ? (
        <Status tone="good">a consumer of this release can read it</Status>
      ) : (
        <Status tone="bad">no consumer can read it</Status>
      )}{' '}
      {validation.schema !== undefined && <a href={validation.schema}>{validation.schema}</a>}
    </p>
    <Faults errors={validation.errors} />
  </section>
)

const Faults = ({ errors }: { errors: Letter['validation']['errors'] }) =>
  errors.length === 0 ? null : (
    <Table label="Faults of the event" heads={['Where', 'What is wrong']}>
      {errors.map(({ path, message }) => (
        <tr>
          <td>
            <code>{path === '' ? 'the whole message' : path}</code>
          </td>
          <td class="wrap">{message}</td>
        </tr>
      ))}
    </Table>
  )

const History = ({ entries, now }: { entries: Entry[]; now: number }) => (
  <section>
    <h2>What was done</h2>
    <Table label="What was done about the letter" heads={['When', 'Who', 'What', 'Why']}>
      {entries.map(({ at, actor, action, reason }) => (
        <tr>
          <td>
            <When at={at} now={now} />
          </td>
          <td>{actor.client}</td>
          <td>{action}</td>
          <td>{reason}</td>
        </tr>
      ))}
    </Table>
  </section>
)
