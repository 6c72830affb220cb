import type { Publish } from '../../src/messaging/outgoing.ts'
import type { Log } from '../../src/messaging/partition.ts'
import type { BankNews } from '../../src/payment/bank-news.ts'
import { type NewsOutcome, takeNews } from '../../src/payment/take-news.ts'
import { bankOfGateway } from './gateways/bank-of-gateway.ts'
import type { PaymentPartitions } from './payment-partitions.ts'
import type { PaymentSettings } from './settings.ts'

/** What a Worker with good settings has at hand. */
export type StripeDeployment = {
  settings: PaymentSettings
  openPartitions(): Promise<PaymentPartitions>
  publish: Publish
}

type Ports = { env: PaymentEnv; deployment: StripeDeployment; log: Log }

/** Lets the payment follow what Stripe says about its order. `unknown`: no payment of ours has this order. */
export const takeStripeEvent = async (
  news: BankNews,
  traceparent: string,
  { env, deployment, log }: Ports,
): Promise<NewsOutcome> => {
  const { settings, openPartitions, publish } = deployment
  const partitions = await openPartitions()
  const partition = partitions.news(news.orderId)
  if (partition === undefined) return 'unknown'
  const bank = bankOfGateway(settings, { env, counts: partitions.counts, log })
  return await takeNews(news, traceparent, { partition, bank, publish, now: Date.now })
}
