import { expect, it } from 'vitest'
import { respond } from '../../../src/order/responder.ts'
import { OPERATOR, paymentAuthorized, stockReserved } from '../../support/builders.ts'
import { createOrderWorld } from '../../support/order-world.ts'
import { createWebhookWorld } from '../../support/webhook-world.ts'

/** A webhook partition and two order partitions, of which a Worker from before the growth knows the first alone. */
const createGrowth = () => {
  const webhooks = createWebhookWorld()
  const orders = [createOrderWorld({ wanted: 'not told' }), createOrderWorld({ wanted: 'not told' })]
  /** Whatever the webhook partition publishes reaches a Worker that knows so many order partitions. */
  const tell = async (partitions: number): Promise<void> => {
    const events = webhooks.memory.takePublished().map(({ event }) => event)
    await respond(events, {
      labelOf: () => undefined,
      applyReports: async () => [],
      acknowledge: async () => {},
      setWantedTypes: async (wanted) => {
        for (const world of orders.slice(0, partitions)) world.partition().setWantedTypes(wanted)
      },
      updateCatalogue: async () => {},
      publish: async (outgoing) => {
        const notes = outgoing.map(({ event }) => event)
        webhooks
          .partition()
          .subscription.acknowledge(notes.flatMap((note) => (note.type === 'FactNoted' ? note.data.ids : [])))
      },
      now: webhooks.memory.host.now,
    })
  }
  /** What the second partition announces of a new order that is confirmed. */
  const announcedByNew = (): string[] => {
    const [, world] = orders
    world?.memory.takePublished()
    world?.place()
    world?.answer(stockReserved(), paymentAuthorized())
    return world?.published().filter((line) => line.startsWith('operations')) ?? []
  }
  return { webhooks, tell, announcedByNew }
}

it('a new order partition without wanted types announces what an enabled webhook wants', async () => {
  const { webhooks, tell, announcedByNew } = createGrowth()
  webhooks.register()
  await tell(1)
  expect(webhooks.webhook()).toMatchObject({ status: 'enabled' })
  expect(announcedByNew()).toEqual(['operations OrderConfirmed'])
})

it('a new order partition that an older Worker left out gets the wanted types with the reminder', async () => {
  const { webhooks, tell, announcedByNew } = createGrowth()
  webhooks.register('wh_1', { types: ['OrderSettled'] })
  await tell(2)
  webhooks.partition().webhooks.change({ webhookId: 'wh_1', caller: OPERATOR, types: ['OrderConfirmed'] })
  await tell(1)
  webhooks.partition().subscription.remind()
  await tell(2)
  expect(announcedByNew()).toEqual(['operations OrderConfirmed'])
})
