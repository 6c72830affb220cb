import { feedCursorExample } from './feed.ts'

export const CONSUMER_NAME = 'warehouse'

export const leaseTokenExample = '01m84cegx0bq3zk2n4v5w6y7ha'

export const feedConsumerExample = {
  name: CONSUMER_NAME,
  feed: 'orders',
  types: ['OrderConfirmed', 'OrderCancelled'],
  health: 'healthy',
  cursor: feedCursorExample,
  lag: { events: 0, seconds: 0 },
  lease: { holder: 'bridge-1', expiresAt: '2026-11-23T14:20:32.374Z' },
  failures: 0,
  createdAt: '2026-11-23T14:00:00.000Z',
  committedAt: '2026-11-23T14:20:02.374Z',
}

export const consumerLeaseExample = {
  lease: { token: leaseTokenExample, expiresAt: '2026-11-23T14:20:32.374Z' },
  ...{ feed: 'orders', cursor: feedCursorExample },
  types: ['OrderConfirmed', 'OrderCancelled'],
} as const
