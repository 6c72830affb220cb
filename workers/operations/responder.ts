import { createEvent, type DomainEvent, type EventOf } from '../../src/contracts/events.ts'
import type { Instant } from '../../src/kernel/instant.ts'
import { done, type Outcome } from '../../src/messaging/consume.ts'
import type { Publish } from '../../src/messaging/outgoing.ts'

export type StockAlert = EventOf<'StockDepleted' | 'StockReplenished'>

type Ports = {
  /** Kept before it is noted, each once. */
  keepAlerts(alerts: readonly StockAlert[]): Promise<void>
  publish: Publish
  now(): Instant
}

/** Takes in what operators want to know of. */
export const respond = async (events: readonly DomainEvent[], ports: Ports): Promise<Outcome[]> => {
  const alerts = events.filter(isAlert)
  if (alerts.length > 0) {
    await ports.keepAlerts(alerts)
    await ports.publish(alerts.map((alert) => ({ to: 'inventory', event: noted(alert, ports.now()) })))
  }
  return events.map((event) => (isAlert(event) ? done : notForUs(event)))
}

const isAlert = (event: DomainEvent): event is StockAlert =>
  event.type === 'StockDepleted' || event.type === 'StockReplenished'

const noted = (alert: StockAlert, now: Instant): EventOf<'FactNoted'> =>
  createEvent({
    type: 'FactNoted',
    source: '/operations',
    subject: alert.subject,
    occurrence: alert.id,
    at: now,
    revision: alert.revision,
    data: { ids: [alert.id] },
    cause: alert,
  })

const notForUs = (event: DomainEvent): Outcome => ({
  kind: 'park',
  reason: 'unexpected_type',
  error: `The operations Worker does not subscribe to ${event.type}.`,
})
