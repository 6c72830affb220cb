import { selectGroup } from '../../../workers/operations/dead-letters/letter-selection.ts'
import { closeLetter } from '../../../workers/operations/dead-letters/letter-table.ts'
import type { Outlet } from '../platform/platform.ts'
import type { ClientPorts } from './client-ports.ts'
import { IDEMPOTENT } from './persist.ts'

const LETTERS_MAX = 100

/** An operator reads all dead letters and discards each as it was read. */
export const discardLetters = async (
  { platform, system, records, persist }: ClientPorts,
  outlet: Outlet,
): Promise<void> => {
  await persist(outlet, IDEMPOTENT, async () => {
    const database = system().readModels.operations.binding(outlet)
    const { letters } = await selectGroup(database, {}, LETTERS_MAX)
    for (const { id, event, first_event } of letters) {
      const read = [event, first_event ?? event]
      records.discarded.set(id, [...(records.discarded.get(id) ?? []), ...read])
    }
    const auditEntry = () => ({ client: 'operator', at: '', auditId: String(outlet.actor.chance()) })
    const statements = letters.flatMap((letter) => closeLetter(database, letter, 'discarded', auditEntry()))
    if (statements.length > 0) await database.batch(statements)
    platform.trace(outlet.actor.name, () => `discarded ${letters.length} letters`)
  })
}
