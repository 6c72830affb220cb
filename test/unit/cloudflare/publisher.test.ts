import { expect, it } from 'vitest'
import type { MessageSettings } from '../../../src/cloudflare/message-settings.ts'
import { createPublisher } from '../../../src/cloudflare/publisher.ts'
import { orderConfirmedEvent, orderPlacedEvent } from '../../support/builders.ts'

const PLACED = orderPlacedEvent()
const CONFIRMED = orderConfirmedEvent()

const publishing = (format: MessageSettings['format']) => {
  const sent: Record<string, unknown[]> = { inventory: [], payment: [] }
  const inbox = (name: string) =>
    ({ sendBatch: async (batch: Iterable<unknown>) => sent[name]?.push(...batch) }) as unknown as Queue
  const inboxes = { inventory: inbox('inventory'), payment: inbox('payment') }
  return { ...createPublisher(inboxes, { format, lingerMs: 0 }), sent }
}

it('sends the events of an inbox as one text', async () => {
  const { publish, sent } = publishing('text')
  await publish([
    { to: 'inventory', event: PLACED },
    { to: 'payment', event: PLACED },
    { to: 'inventory', event: CONFIRMED },
  ])
  expect(sent).toEqual({
    inventory: [{ contentType: 'text', body: JSON.stringify([PLACED, CONFIRMED]) }],
    payment: [{ contentType: 'text', body: JSON.stringify([PLACED]) }],
  })
})

it('sends values where consumers of an earlier release have to read them', async () => {
  const { publish, sent } = publishing('json')
  await publish([{ to: 'payment', event: PLACED }])
  expect(sent).toEqual({ inventory: [], payment: [{ contentType: 'json', body: [PLACED] }] })
})

it('rejects where there is no inbox', async () => {
  const { publish } = publishing('text')
  await expect(publish([{ to: 'order', event: PLACED }])).rejects.toThrow('inbox of order')
})
