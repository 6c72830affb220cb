import { describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../../src/kernel/instant.ts'
import { refusal, success } from '../../../src/kernel/result.ts'
import { publicEventsOf } from '../../../src/order/order-events.ts'
import { viewOrder } from '../../../src/order/order-view.ts'
import type { CancelReply } from '../../../src/order/partition/cancellation.ts'
import { updateAfter } from '../../../src/order/partition/live-reads.ts'
import { createOrderAccess } from '../../../src/order/partition/order-access.ts'
import { CLIENT, ORDER_ID } from '../../support/builders.ts'
import { orderPlaced } from '../../support/given.ts'

const STORED = orderPlaced({ currency: 'EUR' })
const ARCHIVED = orderPlaced({ currency: 'USD' })
const NOT_FOUND: CancelReply = refusal({ code: 'order_not_found' })

const CANCELLATION = {
  orderId: ORDER_ID,
  caller: CLIENT,
  request: undefined,
  detail: 'Changed my mind.',
  traceparent: undefined,
}

const cancelled = (status: 200 | 202, of = STORED): CancelReply =>
  success({ status, order: viewOrder(of), isReplay: false })

/** The order lies in the partition, in the archive, or in neither. Notes which calls were made. */
const accessTo = (where: 'partition' | 'archive' | 'neither') => {
  const calls: string[] = []
  const called = <Value>(call: string, value: Value): Value => {
    calls.push(call)
    return value
  }
  const stored = where === 'partition' ? STORED : undefined
  const archived = where === 'archive' ? ARCHIVED : undefined
  const access = createOrderAccess({
    stored: {
      get: () => called('stored get', stored && viewOrder(stored)),
      events: () => called('stored events', stored && publicEventsOf(stored)),
      cancel: () => called('stored cancel', stored ? cancelled(202) : NOT_FOUND),
    },
    liveReads: {
      untilDecided: async () => called('until decided', undefined),
      follow: async () => called('live follow', stored && updateAfter(stored, undefined)),
    },
    archivedReads: {
      get: async () => called('archived get', archived && viewOrder(archived)),
      events: async () => called('archived events', archived && publicEventsOf(archived)),
      follow: async () => called('archived follow', archived && updateAfter(archived, undefined)),
      cancel: async () => called('archived cancel', archived && cancelled(200, archived)),
    },
  })
  return { access, calls }
}

type Access = ReturnType<typeof accessTo>['access']

const READS: [string, (access: Access) => Promise<unknown>, (of: typeof STORED) => unknown][] = [
  ['get', (access) => access.get(ORDER_ID, CLIENT), viewOrder],
  ['events', (access) => access.events(ORDER_ID, CLIENT), publicEventsOf],
  [
    'follow',
    (access) => access.follow({ orderId: ORDER_ID, reader: CLIENT, after: undefined, withinMs: 0 }),
    (of) => updateAfter(of, undefined),
  ],
]

describe.each(READS)('the read %s', (name, read, shown) => {
  it('shows an order of the partition without a look into the archive', async () => {
    const { access, calls } = accessTo('partition')
    expect(await read(access)).toEqual(shown(STORED))
    expect(calls.join()).not.toContain('archived')
  })

  it('shows an order that has left as it is in the archive', async () => {
    expect(await read(accessTo('archive').access)).toEqual(shown(ARCHIVED))
  })

  it('shows nothing where neither has the order', async () => {
    const { access, calls } = accessTo('neither')
    expect(await read(access)).toBeUndefined()
    expect(calls).toContain(`archived ${name}`)
  })
})

describe('the wait for a decision', () => {
  it.each([
    ['partition', STORED],
    ['archive', ARCHIVED],
  ] as const)('ends before the order is read, and shows what is in the %s then', async (where, shown) => {
    const { access, calls } = accessTo(where)
    expect(await access.decided(ORDER_ID, CLIENT, MINUTE_MS)).toEqual(viewOrder(shown))
    expect(calls.slice(0, 2)).toEqual(['until decided', 'stored get'])
  })
})

describe('a cancellation', () => {
  it.each([
    ['partition', cancelled(202)],
    ['archive', cancelled(200, ARCHIVED)],
    ['neither', NOT_FOUND],
  ] as const)('is answered for an order that is in: %s', async (where, reply) => {
    expect(await accessTo(where).access.cancel(CANCELLATION)).toEqual(reply)
  })

  it('does nothing in the partition for an order that has left', async () => {
    const { access, calls } = accessTo('archive')
    await access.cancel(CANCELLATION)
    expect(calls).toEqual(['archived cancel'])
  })
})
