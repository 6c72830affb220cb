import { shownEvent } from '../../../src/operations/dead-letters.ts'
import type { ClientRecords } from '../clients/client-records.ts'
import type { Platform } from '../platform/platform.ts'
import type { System } from '../system/system.ts'
import type { Violated } from './violated.ts'

const EXPLAINED = 'every dead letter is explained'
const KEPT = 'an event that cannot be handled is kept'
const APART = 'events of two sources are two letters'
const READ = 'a variant that no operator has read is not discarded'
const UNREADABLE = ['unknown_type', 'newer_version', 'schema_broken']

type Letter = {
  id: string
  consumer: string
  reason: string
  error: string
  order_id: string | null
  event: string
  first_event: string | null
  status: string
}
type Scene = { records: ClientRecords; excused: ReadonlySet<string>; platform: Platform }

/**
 * Each dead letter has a reason that the world can explain, and each event that no consumer could handle has a letter.
 */
export const checkDeadLetters = (system: System, scene: Scene, violated: Violated): void => {
  const letters = system.readModels.operations.sql<Letter>(
    'SELECT id, consumer, reason, error, order_id, event, first_event, status FROM dead_letters',
  )
  for (const letter of letters) {
    if (!isExplained(letter, scene))
      violated(EXPLAINED, `${letter.consumer}: ${letter.reason} (${letter.error}) ${letter.event}`)
  }
  checkKept(letters, scene.records, violated)
  checkQueues(system, scene.platform, violated)
}

const isExplained = ({ reason, order_id, event }: Letter, { records, excused, platform }: Scene): boolean => {
  if (UNREADABLE.includes(reason)) return records.unreadable.length > 0
  if (reason === 'bank_refused') return excused.has(order_id ?? '')
  const isNeverSentAgain = records.externalIds.has(order_id ?? '') || isOld(event)
  return reason === 'retries_exhausted' && isNeverSentAgain && platform.faults.struck.length > 0
}

/** Version 1 does not name the client of its order, so it counts as an event that no publisher sends again. */
const isOld = (event: string): boolean => 'eventType' in JSON.parse(event)

const checkKept = (
  letters: readonly Letter[],
  { unreadable, discarded }: ClientRecords,
  violated: Violated,
): void => {
  const kept = new Set(
    letters.flatMap((letter) => variantsOf(letter).map((event) => `${letter.consumer} ${contentOf(event)}`)),
  )
  for (const { consumer, event } of unreadable) {
    const text = JSON.stringify(event)
    if (!kept.has(`${consumer} ${contentOf(text)}`)) violated(KEPT, `${consumer} has no letter of ${text}`)
  }
  for (const letter of letters) {
    const variants = variantsOf(letter)
    if (new Set(variants.map(sourceOf)).size > 1)
      violated(APART, `${letter.id} has ${variants.join(' and ')}`)
    const read = new Set(discarded.get(letter.id)?.map(contentOf))
    const unread = variants.filter((event) => !read.has(contentOf(event)))
    if (letter.status === 'discarded' && unread.length > 0) violated(READ, unread.join(' and '))
  }
}

/** The newest variant, and the first one where it differs. */
const variantsOf = ({ event, first_event }: Letter): string[] =>
  first_event === null ? [event] : [event, first_event]

const sourceOf = (event: string): unknown => JSON.parse(event)?.source

/**
 * The parts of an event that stay the same. Its producer may send it again later, and a closed letter has lost its
 * tokens.
 */
const contentOf = (event: string): string =>
  JSON.stringify({ ...(shownEvent(event) as object), time: undefined })

const checkQueues = (system: System, platform: Platform, violated: Violated): void => {
  for (const { name, exhausted } of Object.values(system.deadLetters)) {
    if (exhausted > 0) violated(KEPT, `${name} gave up ${exhausted} messages`)
  }
  for (const { name, exhausted } of Object.values(system.inboxes)) {
    if (exhausted > 0 && platform.faults.struck.length === 0)
      violated(EXPLAINED, `${name} gave up ${exhausted} messages without a fault`)
  }
}
