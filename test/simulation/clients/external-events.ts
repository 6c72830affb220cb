import { toTimestamp } from '../../../src/kernel/instant.ts'
import type { Fault } from '../platform/fault-plan.ts'
import type { Action } from '../world/action.ts'
import type { ClientPorts } from './client-ports.ts'

type Sending = Action & { kind: 'external event' }

/** The faults that take messages away which a queue had accepted. */
const LOSING: readonly Fault[] = ['queueForgets', 'restart', 'sendDropped']

/** An external producer sends its event at least once. */
export const sendExternal = ({ platform, system, records }: ClientPorts, action: Sending): void => {
  const { to, body, orderId } = externalEvent(action, toTimestamp(platform.scheduler.now))
  if (orderId !== undefined) records.externalIds.add(orderId)
  else records.unreadable.push(...to.map((consumer) => ({ consumer, event: [body].flat()[0] })))
  const { inboxes } = system()
  for (const service of to) inboxes[service].receive(body)
}

/**
 * Once all faults are over, the producer sends its event again. An event that no consumer can read is sent again only
 * where a message may have been lost, because such an event must be kept when it comes once.
 */
export const sendExternalAgain = (ports: ClientPorts, action: Sending): void => {
  const isReadable = externalEvent(action, '').orderId !== undefined
  if (isReadable || ports.platform.faults.haveStruck(LOSING)) sendExternal(ports, action)
}

type ExternalEvent = { to: readonly ('order' | 'inventory' | 'payment')[]; body: unknown; orderId?: string }

const LEGS = ['inventory', 'payment'] as const
const ALL = ['order', 'inventory', 'payment'] as const
const PAYMENT = { token: 'pm_sim_letter' }

const externalEvent = (action: Sending, timestamp: string): ExternalEvent => {
  const { which, number, items, variant } = action
  // The first of two orders that are published under ids of a client's own may have this id. They are not the same order.
  const orderId = `web-${number}`
  const envelope = (type: string, data: object, version = 1) =>
    envelopeOf(action, { orderId, type, data, version, timestamp })
  switch (which) {
    case 'OrderPlaced version 1':
      return {
        ...{ to: LEGS, orderId },
        body: { eventType: 'OrderPlaced', orderId, items, totalAmount: 12.5, timestamp },
      }
    case 'OrderPlaced version 2': {
      const placed = { orderId, items, totalAmount: 12.5, currency: 'USD' }
      return { to: LEGS, orderId, body: envelope('OrderPlaced', placed, 2) }
    }
    case 'StockReserved':
      return { to: ['order'], orderId, body: envelope('StockReserved', { orderId, lines: items }) }
    case 'PaymentAuthorized': {
      const authorized = { orderId, amount: 1, capturedAmount: 0, refundedAmount: 0, currency: 'USD' }
      return { to: ['order'], orderId, body: envelope('PaymentAuthorized', authorized) }
    }
    case 'unknown type':
      return { to: ALL, body: envelope('OrderShipped', { payment: PAYMENT }) }
    case 'newer version':
      return { to: LEGS, body: envelope('OrderPlaced', { payment: PAYMENT }, 99) }
    case 'broken':
      return { to: ALL, body: { hello: 'world', ...(variant !== undefined && { variant }) } }
  }
}

type Content = { orderId: string; type: string; data: object; version: number; timestamp: string }

/** A message of one event, in the envelope of the contracts. */
const envelopeOf = ({ variant }: Sending, { orderId, type, data, version, timestamp }: Content) => [
  {
    specversion: '1.0',
    id: `${orderId}/${type}`,
    source: variant === 'another source' ? '/elsewhere/too' : '/elsewhere',
    type,
    schemaversion: version,
    subject: orderId,
    time: timestamp,
    revision: 1,
    data: { ...data, ...(variant === 'other data' && { variant }) },
  },
]
