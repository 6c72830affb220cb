import { expect, it } from 'vitest'
import type { Subscriber } from '../../../src/contracts/topology.ts'
import { eventExample } from '../../../src/documents/published-event-examples.ts'
import { handleFacts } from '../../../src/messaging/facts.ts'
import { NOW } from '../../support/builders.ts'

const confirmed = eventExample('OrderConfirmed')
const cancelled = eventExample('OrderCancelled')

const start = (onStore = async () => {}) => {
  const steps: unknown[] = []
  const handle = (...events: Parameters<typeof handleFacts>[0]) =>
    handleFacts(events, {
      name: 'shipping' as string as Subscriber,
      isFact: (event): event is typeof confirmed => event.type.startsWith('Order'),
      store: async (facts) => {
        await onStore()
        steps.push(facts.map(({ type }) => type))
      },
      publish: async (outgoing) => {
        steps.push(...outgoing.map(({ to, event }) => [to, event.source, event.data]))
      },
      now: () => NOW,
    })
  return { handle, steps }
}

it('stores the facts of a batch, and then acknowledges those of one order together', async () => {
  const { handle, steps } = start()
  expect(await handle(confirmed, cancelled)).toEqual([{ kind: 'done' }, { kind: 'done' }])
  expect(steps).toEqual([
    ['OrderConfirmed', 'OrderCancelled'],
    ['order', '/shipping', { ids: [confirmed.id, cancelled.id] }],
  ])
})

it('acknowledges nothing that it could not store', async () => {
  const { handle, steps } = start(() => Promise.reject(new Error('no disk')))
  await expect(handle(confirmed)).rejects.toThrow('no disk')
  expect(steps).toEqual([])
})

it('parks an event that is no fact for it, and stores nothing for it', async () => {
  const { handle, steps } = start()
  expect(await handle(eventExample('ProductChanged'))).toEqual([
    {
      kind: 'park',
      reason: 'unexpected_type',
      error: 'The shipping service does not subscribe to ProductChanged.',
    },
  ])
  expect(steps).toEqual([])
})
