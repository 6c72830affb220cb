import type { EventValidation } from '../../../src/contracts/http/operations.ts'
import { checkEvent } from '../../../src/operations/event-check.ts'
import type { OperationsSettings } from '../settings.ts'
import type { StoredLetter } from './letter-table.ts'

/** The letter's event, as it is stored, against the schema of this release. */
export const validationOf = (
  { event }: Pick<StoredLetter, 'event'>,
  { defaultCurrency }: Pick<OperationsSettings, 'defaultCurrency'>,
): EventValidation => {
  const { faults, schema } = checkEvent(JSON.parse(event), defaultCurrency)
  return {
    ...(schema !== undefined && { schema: `/schemas/${schema.type}/${schema.version}.json` }),
    errors: [...faults],
  }
}
