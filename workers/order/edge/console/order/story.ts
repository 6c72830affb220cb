import type { OrderStory } from '../../../../../src/contracts/http/story.ts'

export type Story = OrderStory
export type StoryEvent = Story['events'][number]
export type BankOperation = NonNullable<Story['bank']>[number]

/** The service that published an event: `order`, `inventory` or `payment`. */
export const serviceOf = (event: StoryEvent): string => event.source.split('/').at(-1) ?? ''

/** What failed, for the eye and for the filter. */
const FAILURES: ReadonlySet<string> = new Set([
  ...['StockRejected', 'PaymentDeclined', 'PaymentFailed', 'OrderRejected', 'OrderCancelled'],
  ...['ReservationOverdue', 'AuthorizationOverdue'],
])

export const isFailure = ({ type }: StoryEvent): boolean => FAILURES.has(type)

/** What the bank does for an event of the payment service. */
const BANK_TYPES: Readonly<Record<string, BankOperation['type']>> = {
  PaymentAuthorized: 'authorize',
  PaymentDeclined: 'authorize',
  PaymentFailed: 'authorize',
  PaymentCaptured: 'capture',
  PaymentVoided: 'void',
  PaymentRefunded: 'refund',
}

export const bankTypeOf = ({ type }: StoryEvent): BankOperation['type'] | undefined => BANK_TYPES[type]

/** What one stock partition does for an event of the inventory service, and when. */
const STOCK_TIMES = {
  StockReserved: 'reservedAt',
  StockRejected: 'refusedAt',
  StockCommitted: 'committedAt',
  StockReleased: 'releasedAt',
} as const

/** When stock partitions did what an event of the inventory service reports. */
export const stockTimesOf = ({ stock }: Story, { type }: StoryEvent): string[] => {
  const field = STOCK_TIMES[type as keyof typeof STOCK_TIMES]
  return field === undefined ? [] : (stock?.reservations ?? []).flatMap((each) => each[field] ?? [])
}
