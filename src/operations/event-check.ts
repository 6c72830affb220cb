import { EVENTS, isEventType } from '../contracts/events.ts'
import { type EventFault, faultsOfEvent } from '../contracts/parse-event.ts'
import { isPlainVersion1 } from '../contracts/upcast.ts'
import { NO_JSON } from '../messaging/message-values.ts'

/** An event against its schema. Without faults any consumer can read it. `schema` is absent where the type is unknown. */
export type EventCheck = { faults: readonly EventFault[]; schema?: { type: string; version: number } }

/** How a consumer of this release reads the event, as it lies in a dead letter. */
export const checkEvent = (event: unknown, defaultCurrency: string): EventCheck => {
  if (typeof event === 'string') return { faults: [{ path: '', message: NO_JSON }] }
  const schema = schemaOf(event)
  return { faults: faultsOfEvent(event, defaultCurrency), ...(schema !== undefined && { schema }) }
}

/** The schema that the event names, or the newest one where it names none that is known. */
const schemaOf = (event: unknown): EventCheck['schema'] => {
  if (isPlainVersion1(event)) return { type: 'OrderPlaced', version: 1 }
  if (typeof event !== 'object' || event === null || !('type' in event)) return undefined
  const type = String(event.type)
  if (!isEventType(type)) return undefined
  const { version: newest } = EVENTS[type]
  const named = 'schemaversion' in event ? Number(event.schemaversion) : newest
  return { type, version: named >= 1 && named < newest ? Math.floor(named) : newest }
}
