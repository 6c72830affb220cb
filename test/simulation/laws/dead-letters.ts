import type { Callers } from '../callers.ts'
import type { Platform } from '../platform.ts'
import type { System } from '../system.ts'
import type { Violated } from './stored.ts'

const EXPLAINED = 'every dead letter is explained'
const KEPT = 'what cannot be handled is kept'
const UNREADABLE = ['unknown_type', 'newer_version', 'schema_broken']

type Letter = { consumer: string; reason: string; error: string; order_id: string | null; event: string }
type Scene = { callers: Callers; excused: ReadonlySet<string>; platform: Platform }

/** A dead letter has a reason, and the world knows why; what nobody could handle has one. */
export const checkDeadLetters = (system: System, scene: Scene, violated: Violated): void => {
  const letters = system.readModels.operations.sql<Letter>(
    'SELECT consumer, reason, error, order_id, event FROM dead_letters',
  )
  for (const letter of letters) {
    if (!isExplained(letter, scene))
      violated(EXPLAINED, `${letter.consumer}: ${letter.reason} (${letter.error}) ${letter.event}`)
  }
  checkKept(letters, scene.callers, violated)
  checkQueues(system, scene.platform, violated)
}

const isExplained = ({ reason, order_id, event }: Letter, { callers, excused, platform }: Scene): boolean => {
  if (UNREADABLE.includes(reason)) return callers.unreadable.length > 0
  if (reason === 'bank_refused') return excused.has(order_id ?? '')
  const isNobodys = callers.foreignIds.has(order_id ?? '') || isOld(event)
  return reason === 'retries_exhausted' && isNobodys && platform.faults.struck.length > 0
}

/** Version 1 does not say whose order it is, so it counts as one that nobody sends again. */
const isOld = (event: string): boolean => 'eventType' in JSON.parse(event)

const checkKept = (letters: readonly Letter[], { unreadable }: Callers, violated: Violated): void => {
  const kept = new Set(letters.map(({ consumer, event }) => `${consumer} ${idOf(JSON.parse(event))}`))
  for (const { consumer, event } of unreadable) {
    if (!kept.has(`${consumer} ${idOf(event)}`))
      violated(KEPT, `${consumer} has no letter of ${JSON.stringify(event)}`)
  }
}

/** Of what is no event at all there is only one kind. */
const idOf = (event: unknown): string =>
  typeof event === 'object' && event !== null && 'id' in event ? String(event.id) : 'something'

const checkQueues = (system: System, platform: Platform, violated: Violated): void => {
  for (const { name, exhausted } of Object.values(system.deadLetters)) {
    if (exhausted > 0) violated(KEPT, `${name} gave up ${exhausted} messages`)
  }
  for (const { name, exhausted } of Object.values(system.inboxes)) {
    if (exhausted > 0 && platform.faults.struck.length === 0)
      violated(EXPLAINED, `${name} gave up ${exhausted} messages without a fault`)
  }
}
