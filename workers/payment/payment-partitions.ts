import { openPartitions } from '../../src/cloudflare/remembered-counts.ts'
import { objectionTo, type SettingCheck } from '../../src/cloudflare/witness.ts'
import { mergedPortions, type PaymentBook, type Portion, portionFrom } from '../../src/contracts/books.ts'
import type { Instant } from '../../src/kernel/instant.ts'
import {
  labelOfOrder,
  type PartitionCounts,
  partitionCountsText,
  partitionLabels,
} from '../../src/kernel/partitions.ts'
import type { IdempotentRequest } from '../../src/messaging/idempotency.ts'
import { orderPartitionsSetting } from '../../src/messaging/order-partitions.ts'
import type { AuditedPayment } from '../../src/payment/payment-book.ts'
import type { PaymentPartitions as ResponderPorts } from '../../src/payment/responder.ts'
import type { NewsPartition } from '../../src/payment/take-news.ts'
import { FIRST_PARTITION } from './partitions-setting.ts'

/** The payment partitions, once their counts are known. */
export const openPaymentPartitions = (
  env: PaymentEnv,
  set: PartitionCounts | undefined,
): (() => Promise<PaymentPartitions>) =>
  openPartitions(
    set,
    () => env.PAYMENTS.getByName(FIRST_PARTITION),
    (counts) => createPaymentPartitions(env, counts),
  )

/** The payment partitions, as the Worker in front of them calls them. */
export const createPaymentPartitions = (env: PaymentEnv, counts: PartitionCounts) => {
  const namespace = env.PAYMENTS
  const partition = (label: string) => namespace.getByName(`payments-${label}`)
  const setting = orderPartitionsSetting(partitionCountsText(counts))
  return {
    counts,

    /** Throws where payments were placed under counts that forbid these. */
    check: (checkSetting: SettingCheck) => checkSetting(namespace, FIRST_PARTITION, setting),

    objection: () => objectionTo(namespace.getByName(FIRST_PARTITION), setting),

    /** The partition of an order's payment. None for an id that no order can have: such an id starts no partition. */
    of: (orderId: string) => {
      const label = labelOfOrder(orderId, counts)
      return label === undefined ? undefined : partition(label)
    },

    /** For the audit: payments of all partitions, from the first order's id after `orderId`. */
    booksAfter: async (orderId: string, limit: number): Promise<Portion<PaymentBook>> => {
      const portions = partitionLabels(counts).map(async (label) =>
        portionFrom<PaymentBook>(await partition(label).booksAfter(orderId, limit), limit),
      )
      return mergedPortions(await Promise.all(portions))
    },

    /** For the audit: the payments of these orders. */
    booksOf: async (orderIds: readonly string[]): Promise<Map<string, AuditedPayment>> => {
      const byLabel = Map.groupBy(orderIds, (orderId) => labelOfOrder(orderId, counts) ?? '')
      byLabel.delete('')
      const found = await Promise.all(
        Array.from(
          byLabel,
          async ([label, ids]): Promise<AuditedPayment[]> => await partition(label).booksOf(ids),
        ),
      )
      return new Map(found.flat().map((payment) => [payment.book.orderId, payment]))
    },

    /** For each of these orders: before which time orders have left its partition. */
    departedBefore: async (orderIds: readonly string[]): Promise<Map<string, Instant>> => {
      const byLabel = Map.groupBy(orderIds, (orderId) => labelOfOrder(orderId, counts) ?? '')
      byLabel.delete('')
      const found = Array.from(byLabel, async ([label, ids]): Promise<[string, Instant][]> => {
        const before = await partition(label).departedBefore()
        return ids.map((orderId) => [orderId, before])
      })
      return new Map((await Promise.all(found)).flat())
    },

    /** In each partition: begins to list all its payments again. */
    rebuildList: () =>
      partitionLabels(counts).map(
        (label) => async (request?: IdempotentRequest) => await partition(label).rebuildList(request),
      ),

    /** Every partition there is, to rearm its alarm and to measure it. */
    all: () =>
      partitionLabels(counts).map((label) => ({
        name: `payments-${label}`,
        rearm: async () => await partition(label).rouse(),
        measure: async () => await partition(label).measure(),
      })),

    /** The partition of an order's payment, as the receiver of the bank's events calls it. */
    news: (orderId: string): NewsPartition | undefined => {
      const label = labelOfOrder(orderId, counts)
      if (label === undefined) return undefined
      const stub = partition(label)
      return {
        questionFor: async (news) => await stub.questionFor(news),
        applyNews: async (news, records) => await stub.applyNews(news, records),
        record: async (reports) => await stub.record(reports),
      }
    },

    /** As the responder calls them. */
    ports: {
      labelOf: (orderId) => labelOfOrder(orderId, counts),
      begin: async (label, events) => await partition(label).begin(events),
      record: async (label, reports) => await partition(label).record(reports),
      letGo: async (label, departure) => await partition(label).letGo(departure),
      acknowledge: async (label, orderId, factIds) => await partition(label).note(orderId, factIds),
    } satisfies ResponderPorts,
  }
}

export type PaymentPartitions = ReturnType<typeof createPaymentPartitions>
