import type { OutgoingMessage, Sink } from '../../../../src/bridge/ports.ts'
import { inRounds } from '../../../../src/bridge/rounds.ts'
import { SECOND_MS } from '../../../../src/kernel/instant.ts'
import { createInvocation, latencyMs, type Outlet, type Platform } from '../../platform/platform.ts'
import type { TopicFaults } from '../../world/action.ts'

type Fate = 'confirmed' | 'refused' | 'unconfirmed' | 'late'

/** The bridge takes a message without a confirmation for lost after this time. */
const CONFIRMED_WITHIN_MS = 3 * SECOND_MS
const OUTAGE_MS_MAX = 30 * SECOND_MS

/**
 * A topic of a broker. It keeps what arrives, in that sequence. While faults are on, a message may be refused, arrive
 * without a confirmation, or arrive long after its sender gave up. In an outage the broker refuses all.
 */
export const createTopic = (platform: Platform, name: string, rates: TopicFaults) => {
  const { scheduler } = platform
  const { actor } = createInvocation(platform, name)
  const random = platform.stream(name)
  const messages: OutgoingMessage[] = []
  let awayUntil = 0

  const drawFate = (): Fate => {
    if (!platform.faults.isOn) return 'confirmed'
    if (random.chance() < rates.outage) awayUntil = scheduler.now + random.below(OUTAGE_MS_MAX)
    if (scheduler.now < awayUntil) return 'refused'
    const drawn = random.chance()
    if (drawn < rates.refused) return 'refused'
    if (drawn < rates.refused + rates.unconfirmed) return 'unconfirmed'
    return drawn < rates.refused + rates.unconfirmed + rates.late ? 'late' : 'confirmed'
  }

  const publish = (outlet: Outlet, message: OutgoingMessage): Promise<void> =>
    new Promise((resolve, reject) => {
      const fate = drawFate()
      const fail = (afterMs: number, why: string) =>
        scheduler.resume(afterMs, outlet.actor, () => reject(new Error(why)))
      if (fate === 'refused') return fail(latencyMs(random), 'The broker is away.')
      const arrivesMs = latencyMs(random) + (fate === 'late' ? 2 * CONFIRMED_WITHIN_MS : 0)
      scheduler.after(arrivesMs, actor, () => {
        messages.push(message)
        platform.trace(name, () => `has ${message.id} (${fate})`)
        if (fate === 'confirmed') scheduler.resume(latencyMs(random), outlet.actor, resolve)
      })
      if (fate !== 'confirmed') fail(CONFIRMED_WITHIN_MS, 'The broker did not confirm.')
    })

  return {
    messages: messages as readonly OutgoingMessage[],

    /** The connection of a bridge. `afterDelivery` is called between the last confirmation of a page and its commit. */
    sinkFor: (outlet: Outlet, afterDelivery: () => Promise<void>): Sink<OutgoingMessage> => ({
      deliver: async (items) => {
        for (const round of inRounds(items, ({ key }) => key))
          await Promise.all(round.map((message) => publish(outlet, message)))
        await afterDelivery()
      },
      close: async () => undefined,
    }),
  }
}

export type Topic = ReturnType<typeof createTopic>
