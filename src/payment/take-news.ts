import type { Instant } from '../kernel/instant.ts'
import type { Publish } from '../messaging/outgoing.ts'
import type { Bank, BankRecord } from './bank.ts'
import type { BankNews, NewsQuestion } from './bank-news.ts'
import type { BankReport, StepReply } from './partition/payment-partition.ts'
import { type ReportedPayment, reportFor } from './payment-events.ts'
import { takeSteps } from './take-steps.ts'

/** A payment partition, as the receiver of the bank's events sees it. */
export type NewsPartition = {
  questionFor(news: BankNews): Promise<NewsQuestion>
  /** Stores the event and its effect in one commit. */
  applyNews(news: BankNews, records: readonly BankRecord[]): Promise<StepReply | undefined>
  record(reports: readonly BankReport[]): Promise<StepReply[]>
}

type Ports = {
  partition: NewsPartition
  bank: Bank
  publish: Publish
  now(): Instant
}

/** `unread`: the bank's books could not be read, so the event has to come again. */
export type NewsOutcome = 'taken' | 'duplicate' | 'unknown' | 'unread'

/** Looks the order up at the bank, lets the payment follow what the bank did, and reports it to the order service. */
export const takeNews = async (
  news: BankNews,
  traceparent: string,
  { partition, bank, publish, now }: Ports,
): Promise<NewsOutcome> => {
  const asked = await partition.questionFor(news)
  if (asked.kind !== 'ask') return asked.kind
  const lookup = await bank.lookUp(asked.question)
  if (lookup.kind === 'unknown') return 'unread'
  const first = await partition.applyNews(news, lookup.records)
  if (first === undefined) return 'duplicate'
  const { payment } = await takeSteps(first, undefined, {
    bank,
    now,
    record: async (report) => (await partition.record([report]))[0] ?? first,
  })
  const report = payment === null ? undefined : reportOn(payment, news, traceparent)
  if (report !== undefined) await publish([{ to: 'order', event: report }])
  return 'taken'
}

const reportOn = (payment: ReportedPayment, { eventId }: BankNews, traceparent: string) =>
  reportFor(payment, {
    ...{ id: eventId, hops: 0, traceparent },
    client: payment.client ?? undefined,
    externalid: payment.externalId,
  })
