import { describe, expect, it } from 'vitest'
import { createEvent, type DomainEvent } from '../../../src/contracts/events.ts'
import { labelOfOrder } from '../../../src/kernel/partitions.ts'
import { done } from '../../../src/messaging/consume.ts'
import type { Outgoing } from '../../../src/messaging/outgoing.ts'
import { respond } from '../../../src/order/responder.ts'
import {
  factNoted,
  NOW,
  ORDER_ID,
  orderPlacedEvent,
  paymentAuthorized,
  paymentCaptured,
  productChangedEvent,
  reservationOverdueEvent,
  stockCommitted,
  stockReserved,
} from '../../support/builders.ts'
import { createOrderWorld } from '../../support/order-world.ts'

const ELSEWHERE = 'ord_1_01m844dzg00000000000000000'
const NOWHERE = 'ord_7_01m844dzg00000000000000000'

/** The consumer of the order inbox over two real partitions, with a catalogue and a post that do as they are told. */
const createInbox = () => {
  const partitions = new Map(['0', '1'].map((label) => [label, createOrderWorld()]))
  const partition = (label: string) => partitions.get(label) ?? createOrderWorld()
  const learned: string[] = []
  const published: Outgoing[] = []
  const calls: string[] = []
  const inbox = {
    partition,
    learned,
    published,
    calls,
    onReport: (_label: string): void => {},
    onSetWantedTypes: (): void => {},
    onLearn: (): void => {},
    onPublish: (): void => {},
    respond: (...events: DomainEvent[]) =>
      respond(events, {
        labelOf: (orderId) => labelOfOrder(orderId, [2]),
        applyReports: async (label, reports) => {
          calls.push(`${label}: ${reports.length}`)
          inbox.onReport(label)
          return partition(label).partition().applyReports(reports)
        },
        acknowledge: async (label, factIds) => {
          inbox.onReport(label)
          partition(label).partition().acknowledge(factIds)
        },
        setWantedTypes: async (wanted) => {
          inbox.onSetWantedTypes()
          for (const world of partitions.values()) world.partition().setWantedTypes(wanted)
        },
        updateCatalogue: async (changes) => {
          inbox.onLearn()
          learned.push(...changes.map(({ id }) => id))
        },
        publish: async (outgoing) => {
          inbox.onPublish()
          published.push(...outgoing)
        },
        now: () => NOW,
      }),
  }
  return inbox
}

const away = () => {
  throw new Error('away')
}
const RETRY = { kind: 'retry', error: 'Error: away' }

describe('answers', () => {
  it('reach the partition of their order', async () => {
    const inbox = createInbox()
    inbox.partition('1').place({ orderId: ELSEWHERE })
    const reports = [stockReserved, paymentAuthorized].map((of) => of({ data: { orderId: ELSEWHERE } }))
    expect(await inbox.respond(...reports)).toEqual([done, done])
    expect(inbox.partition('1').partition().events(ELSEWHERE, { client: 'shop', scopes: [] })).toHaveLength(4)
  })

  it('of a batch are one call to each partition', async () => {
    const inbox = createInbox()
    inbox.partition('0').place()
    inbox.partition('1').place({ orderId: ELSEWHERE })
    const outcomes = await inbox.respond(
      stockReserved(),
      stockReserved({ data: { orderId: ELSEWHERE } }),
      paymentAuthorized(),
      stockCommitted(),
      paymentCaptured(),
    )
    expect(outcomes).toEqual([done, done, done, done, done])
    expect(inbox.calls).toEqual(['0: 4', '1: 1'])
    expect(inbox.partition('0').view()).toMatchObject({ status: 'confirmed', version: 7 })
  })

  it('to a partition that is away come again, and no others', async () => {
    const inbox = createInbox()
    inbox.onReport = (label) => (label === '0' ? away() : undefined)
    expect(await inbox.respond(stockReserved(), stockReserved({ data: { orderId: ELSEWHERE } }))).toEqual([
      RETRY,
      done,
    ])
  })

  it('about an order of a partition that is not there are parked', async () => {
    expect(await createInbox().respond(stockReserved({ data: { orderId: NOWHERE } }))).toEqual([
      {
        kind: 'park',
        reason: 'unknown_partition',
        error: `No partition of this deployment holds ${NOWHERE}.`,
      },
    ])
  })
})

describe('a leg that asks about an order', () => {
  it('reaches the partition of that order', async () => {
    const inbox = createInbox()
    inbox.partition('0').place()
    inbox.partition('0').published()
    expect(await inbox.respond(reservationOverdueEvent())).toEqual([done])
    expect(inbox.partition('0').published()).toEqual(['inventory OrderPlaced'])
  })
})

describe('a change of a product', () => {
  const CHANGE = productChangedEvent({ revision: 3 })

  it('is learned, and then noted', async () => {
    const inbox = createInbox()
    expect(await inbox.respond(CHANGE)).toEqual([done])
    expect(inbox.learned).toEqual([CHANGE.id])
    expect(inbox.published).toMatchObject([
      {
        to: 'inventory',
        event: {
          id: 'P001/FactNoted/P001/ProductChanged/3',
          subject: 'P001',
          causationid: CHANGE.id,
          data: { ids: [CHANGE.id] },
        },
      },
    ])
  })

  it('that cannot be learned is not noted, and comes again', async () => {
    const inbox = createInbox()
    inbox.onLearn = away
    expect(await inbox.respond(CHANGE)).toEqual([RETRY])
    expect(inbox.published).toEqual([])
  })

  it('that cannot be noted comes again', async () => {
    const inbox = createInbox()
    inbox.onPublish = away
    expect(await inbox.respond(CHANGE)).toEqual([RETRY])
  })

  it('that cannot be learned holds up no answer', async () => {
    const inbox = createInbox()
    inbox.onLearn = away
    expect(await inbox.respond(CHANGE, stockReserved())).toEqual([RETRY, done])
  })

  it('is learned although no partition answers', async () => {
    const inbox = createInbox()
    inbox.onReport = away
    expect(await inbox.respond(CHANGE, stockReserved())).toEqual([done, RETRY])
  })

  it('and others of a batch are learned at once', async () => {
    const inbox = createInbox()
    await inbox.respond(CHANGE, productChangedEvent({ data: { productId: 'P002' } }))
    expect([inbox.learned.length, inbox.published.length]).toEqual([2, 2])
  })
})

describe('what the order service does not subscribe to', () => {
  it('is parked, and the others of its batch are handled', async () => {
    const inbox = createInbox()
    inbox.partition('0').place()
    expect(await inbox.respond(orderPlacedEvent(), stockReserved())).toEqual([
      {
        kind: 'park',
        reason: 'unexpected_type',
        error: 'The order service does not subscribe to OrderPlaced.',
      },
      done,
    ])
  })
})

describe('answers about orders of partitions that are not there', () => {
  it('are parked each with its own order', async () => {
    const other = 'ord_8_01m844dzg00000000000000000'
    const outcomes = await createInbox().respond(
      stockReserved({ data: { orderId: NOWHERE } }),
      stockReserved({ data: { orderId: other } }),
    )
    expect(outcomes.map((outcome) => 'error' in outcome && outcome.error)).toEqual([
      `No partition of this deployment holds ${NOWHERE}.`,
      `No partition of this deployment holds ${other}.`,
    ])
  })
})

describe('what webhooks want', () => {
  const changed = (revision: number, types: ('OrderConfirmed' | 'OrderSettled')[]) =>
    createEvent({
      type: 'WebhooksChanged',
      subject: 'webhooks',
      occurrence: String(revision),
      at: NOW,
      revision,
      data: { types },
    })

  it('is noted once every partition knows it, and the newest word holds', async () => {
    const inbox = createInbox()
    expect(await inbox.respond(changed(3, ['OrderConfirmed']), changed(2, []))).toEqual([done, done])
    expect(inbox.published.map(({ to, event }) => `${to} ${event.id}`)).toEqual([
      'operations webhooks/FactNoted/webhooks/WebhooksChanged/3',
      'operations webhooks/FactNoted/webhooks/WebhooksChanged/2',
    ])
    inbox.partition('1').place({ orderId: ELSEWHERE })
    await inbox.respond(
      stockReserved({ data: { orderId: ELSEWHERE } }),
      paymentAuthorized({ data: { orderId: ELSEWHERE } }),
    )
    const announced = inbox
      .partition('1')
      .published()
      .filter((line) => line.startsWith('operations'))
    expect(announced).toEqual(['operations OrderConfirmed'])
  })

  it('is not noted while a partition does not know it', async () => {
    const inbox = createInbox()
    inbox.onSetWantedTypes = away
    expect(await inbox.respond(changed(3, []))).toEqual([RETRY])
    expect(inbox.published).toEqual([])
  })

  it('has been taken: the note reaches the partition of its order', async () => {
    const inbox = createInbox()
    expect(await inbox.respond(factNoted(ORDER_ID, [`${ORDER_ID}/OrderConfirmed`]))).toEqual([done])
    expect(await inbox.respond(factNoted(NOWHERE, [`${NOWHERE}/OrderConfirmed`]))).toMatchObject([
      { kind: 'park', reason: 'unknown_partition' },
    ])
  })
})
