import type { components } from '../../packages/client/src/index.ts'
import { AUDIT_KINDS } from '../../src/contracts/audit-entry.ts'
import { type Arguments, limitIn, oneOf } from './arguments.ts'
import { type Command, noteOfNone, readAll } from './command.ts'

type Entry = components['schemas']['AuditEntry']

/** Without --limit: what fits on a few screens. The log only grows. */
const ENTRIES_SHOWN = 100

export const AUDIT_COMMANDS: Record<string, Command> = {
  'audit-log': async (api, given) => {
    const filter = filterOf(given)
    const response = await readAll(
      (page) => api.GET('/audit-log', { params: { query: { ...filter, ...page } } }),
      limitIn(given.limit) ?? ENTRIES_SHOWN,
    )
    const rows = response.map(rowOf)
    return { rows, ...noteOfNone(rows), response }
  },
}

const filterOf = ({ kind, action, client, person, subject, since, until, 'key-id': keyId }: Arguments) => ({
  ...(kind !== undefined && { kind: oneOf(AUDIT_KINDS, kind, '--kind') }),
  ...(action !== undefined && { action }),
  ...(client !== undefined && { client }),
  ...(keyId !== undefined && { keyId }),
  ...(person !== undefined && { person }),
  ...(subject !== undefined && { subject }),
  ...(since !== undefined && { since }),
  ...(until !== undefined && { until }),
})

const actorIn = ({ client, keyId = 'unknown key', person }: Entry['actor']): string =>
  `${client} (${keyId}${person === undefined ? '' : `, ${person}`})`

const rowOf = ({ at, actor, kind, action, subject, outcome, reason, before, after }: Entry): string[] => [
  ...[at, actorIn(actor), `${kind} ${action}`, subject],
  outcome === 'done' ? '' : 'outcome unknown',
  reason ?? '',
  ...(before === undefined ? [''] : [JSON.stringify(before)]),
  ...(after === undefined ? [] : [`→ ${JSON.stringify(after)}`]),
]
