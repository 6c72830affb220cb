import type { z } from 'zod'
import { AUDIT_KINDS } from '../../../../../src/contracts/audit-entry.ts'
import { listAuditLog } from '../../../../../src/contracts/http/audit-log.ts'
import { Choice, Empty, Field, Id, Narrow, Next, ProblemCard, Status, Table, When } from '../parts.tsx'
import { chosen, isNarrowed, type PageOf, pathOf, withTimestamps } from '../view.ts'

type Entry = z.infer<
  (typeof listAuditLog)['route']['responses'][200]['content']['application/json']['schema']
>['items'][number]

const HEADS = ['When', 'Who', 'What', 'Subject', 'Reason', 'Before', 'After']
const FILTERS = ['kind', 'client', 'keyId', 'person', 'subject', 'since', 'until', 'cursor']

/** Who did what, when and why. */
export const auditLogPage: PageOf = async ({ api, query, now }) => {
  const filters = chosen(query, FILTERS)
  const log = await api.read(listAuditLog, '/audit-log', withTimestamps(filters, ['since', 'until']))
  const body = (
    <>
      <Filters filters={filters} />
      <div class="stack" data-part="entries">
        {log.ok ? <Entries entries={log.value.items} now={now} /> : <ProblemCard problem={log.reason} />}
        <Next
          path="/console/audit-log"
          query={{ ...filters, cursor: log.ok ? log.value.nextCursor : undefined }}
        />
      </div>
    </>
  )
  return { title: 'Audit log', body, ...(!log.ok && { status: log.reason.status }) }
}

const Filters = ({ filters }: { filters: Readonly<Record<string, string>> }) => (
  <Narrow path="/console/audit-log" isSet={isNarrowed(filters)}>
    <Choice label="Kind" name="kind" any="all" options={AUDIT_KINDS} value={filters['kind']} />
    <Field label="Client" name="client" value={filters['client'] ?? ''} />
    <Field label="Key id" name="keyId" value={filters['keyId'] ?? ''} />
    <Field label="Person" name="person" value={filters['person'] ?? ''} />
    <Field label="Subject" name="subject" value={filters['subject'] ?? ''} />
    <Field label="Since (UTC)" name="since" value={filters['since'] ?? ''} />
    <Field label="Until (UTC)" name="until" value={filters['until'] ?? ''} />
  </Narrow>
)

const Entries = ({ entries, now }: { entries: Entry[]; now: number }) =>
  entries.length === 0 ? (
    <Empty title="There is no such entry." />
  ) : (
    <Table label="Audit log" heads={HEADS}>
      {entries.map((entry) => (
        <tr>
          <td>
            <When at={entry.at} now={now} />
          </td>
          <td>
            {entry.actor.person !== undefined && <div>{entry.actor.person}</div>}
            {entry.actor.client}{' '}
            {entry.actor.keyId !== entry.actor.client && <code class="dim">{entry.actor.keyId}</code>}
          </td>
          <td>
            {entry.kind} {entry.action}
            {entry.outcome === 'unknown' && (
              <>
                {' '}
                <Status tone="warn">outcome unknown</Status>
              </>
            )}
          </td>
          <td>
            <Subject of={entry} />
          </td>
          <td>{entry.reason}</td>
          <td>
            <Details of={entry.before} />
          </td>
          <td>
            <Details of={entry.after} />
          </td>
        </tr>
      ))}
    </Table>
  )

/** The page of the console that shows a subject of this kind. */
const PAGES: Partial<Record<Entry['kind'], string>> = {
  dead_letter: 'dead-letters',
  order: 'orders',
  payment: 'orders',
  product: 'inventory',
  stock: 'inventory',
  webhook: 'webhooks',
}

const Subject = ({ of: { kind, subject } }: { of: Entry }) => {
  const page = PAGES[kind]
  return page === undefined ? <Id>{subject}</Id> : <Id href={pathOf('console', page, subject)}>{subject}</Id>
}

const Details = ({ of = {} }: { of: Entry['before'] }) => (
  <>
    {Object.entries(of).map(([name, value]) => (
      <div>
        <span class="dim">{name}</span> {typeof value === 'string' ? value : JSON.stringify(value)}
      </div>
    ))}
  </>
)
