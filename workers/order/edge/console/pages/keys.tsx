import type { z } from 'zod'
import { BOOTSTRAP_KEY_ID, SCOPES } from '../../../../../src/contracts/caller.ts'
import { type createdKeySchema, listKeys } from '../../../../../src/contracts/http/keys.ts'
import {
  Action,
  Choice,
  counted,
  Done,
  Empty,
  Field,
  Hidden,
  Id,
  Next,
  refused,
  Secret,
  Status,
  Switches,
  Table,
  When,
} from '../parts.tsx'
import { chosen, type PageOf, pathOf } from '../view.ts'

type Key = z.infer<
  (typeof listKeys)['route']['responses'][200]['content']['application/json']['schema']
>['items'][number]

/** The API keys of clients: who has which, and how each is made, replaced and revoked. */
export const keysPage: PageOf = async ({ api, caller, query, now }) => {
  const { cursor } = chosen(query, ['cursor'])
  const keys = await api.read(listKeys, '/keys', { cursor })
  if (!keys.ok) return refused('API keys', keys.reason)
  const { items, nextCursor } = keys.value
  const body = (
    <>
      <Revoked query={query} />
      <div class="actions">
        <NewKey />
      </div>
      {caller.keyId === BOOTSTRAP_KEY_ID && (
        <p>
          You are signed in with the bootstrap key, which is not in this list. Make a key for each operator
          and each program.
        </p>
      )}
      {items.length === 0 ? (
        <Empty title="There is no key yet except the bootstrap key." />
      ) : (
        <Table label="API keys" heads={['Client', 'State', 'Key', 'Scopes', 'Limits', 'Made', 'Actions']}>
          {items.map((key) => (
            <Row of={key} isOwn={key.id === caller.keyId} now={now} />
          ))}
        </Table>
      )}
      <Next path="/console/keys" query={{ cursor: nextCursor }} />
    </>
  )
  return { title: 'API keys', body }
}

const Revoked = ({ query }: { query: URLSearchParams }) => {
  const [keys = 0, webhooks = 0, left = 0] = ['keys', 'webhooks', 'left'].map((name) =>
    Number(query.get(name)),
  )
  const revoked = [
    'The key is revoked. It is refused everywhere within half a minute.',
    keys > 0 && `${counted(keys, 'key that it made is', 'keys that it made are')} revoked too.`,
    webhooks > 0 && `${counted(webhooks, 'webhook is', 'webhooks are')} disabled.`,
    left > 0 &&
      `${counted(left, 'key or webhook that it may have made goes', 'keys and webhooks that it may have made go')} on.`,
  ]
  return <Done query={query} says={{ revoked: revoked.filter(Boolean).join(' ') }} />
}

const NewKey = () => (
  <Action
    path="/console/keys"
    label="Make a key"
    says="It works at once, and is shown once. A key with the scope operations acts for all clients, and may give itself any other scope."
  >
    <Field label="Client" name="client" isRequired />
    <Switches legend="Scopes" name="scope" options={SCOPES} chosen={[]} />
    <Field label="Undecided orders at most (empty: no limit)" name="openOrders" type="number" />
    <Field label="Units in them at most" name="openUnits" type="number" />
  </Action>
)

type RowProps = { of: Key; isOwn: boolean; now: number }

const Row = ({ of: key, isOwn, now }: RowProps) => {
  const { id, client, scopes, bounds, createdAt, createdBy, revokedAt } = key
  return (
    <tr>
      <td>{client}</td>
      <td>
        {revokedAt === undefined ? (
          <Status tone="good">{isOwn ? 'yours' : 'valid'}</Status>
        ) : (
          <>
            <Status tone="off">revoked</Status> <When at={revokedAt} now={now} />
          </>
        )}
      </td>
      <td>
        <Id href={`/console/audit-log?${new URLSearchParams({ keyId: id })}`}>{id}</Id>
      </td>
      <td class="wrap">{scopes.join(', ')}</td>
      <td>
        {bounds === undefined
          ? '–'
          : `${bounds.openOrders.toLocaleString('en')} orders, ${bounds.openUnits.toLocaleString('en')} units`}
      </td>
      <td>
        <When at={createdAt} now={now} /> by <code>{createdBy ?? 'an unknown key'}</code>
      </td>
      <td>{revokedAt === undefined && <Actions of={key} />}</td>
    </tr>
  )
}

const WITH_IT = [
  { value: 'true', text: 'the keys that it made, and the webhooks of all of them' },
  { value: 'false', text: 'nothing else' },
]

const Actions = ({ of: { id, client, scopes, bounds } }: { of: Key }) => (
  <div class="actions">
    <Action
      path="/console/keys"
      label="Rotate"
      says={`A new key for ${client} with the same scopes and limits is made, and shown once. The old one stays valid until you revoke it.`}
    >
      <Hidden of={{ client, replaces: id, ...bounds }} />
      {scopes.map((scope) => (
        <Hidden of={{ scope }} />
      ))}
    </Action>
    <Action
      path={pathOf('console', 'keys', id, 'revoke')}
      label="Revoke"
      isGrave
      says="The key is refused everywhere within half a minute, for good."
    >
      <Choice label="Revoke with it" name="cascade" options={WITH_IT} value="true" />
      <Field label="Reason" name="reason" isRequired />
    </Action>
  </div>
)

type MadeKeyProps = { made: z.infer<typeof createdKeySchema>; replaced: string | null }

/** A key that was just made. Where the form was sent a second time, the key is not shown again. */
export const MadeKey = ({ made: { id, client, scopes, key }, replaced }: MadeKeyProps) => (
  <>
    <section class="card">
      <dl class="facts">
        <dt>Key</dt>
        <dd>
          <Secret of={key} advice="If it was lost, revoke it and make another one." />
        </dd>
        <dt>Id</dt>
        <dd>
          <Id>{id}</Id>
        </dd>
        <dt>Client</dt>
        <dd>{client}</dd>
        <dt>Scopes</dt>
        <dd>{scopes.join(', ')}</dd>
      </dl>
      {replaced !== null && (
        <p>
          Once the client uses it, revoke <code>{replaced}</code> with nothing else.
        </p>
      )}
    </section>
    <p>
      <a class="button" href="/console/keys">
        All keys
      </a>
    </p>
  </>
)
