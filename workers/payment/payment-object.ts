import { DurableObject } from 'cloudflare:workers'
import { keysAnHourMaxOf } from '../../src/cloudflare/key-settings.ts'
import { createLog } from '../../src/cloudflare/log.ts'
import { messageSettingsOf } from '../../src/cloudflare/message-settings.ts'
import { createMeasure } from '../../src/cloudflare/metrics.ts'
import { createDurableHost, type DurableHost, PORT_TIMEOUT_MS } from '../../src/cloudflare/partition-host.ts'
import { createPublisher } from '../../src/cloudflare/publisher.ts'
import { within } from '../../src/cloudflare/within.ts'
import { keepOpenSetting } from '../../src/cloudflare/witness.ts'
import type { Caller } from '../../src/contracts/caller.ts'
import type { Sample } from '../../src/contracts/metrics.ts'
import { rememberSetting } from '../../src/messaging/fixed-setting.ts'
import type { IdempotentRequest } from '../../src/messaging/idempotency.ts'
import { createListFilling, type ListFilling } from '../../src/messaging/list-filling.ts'
import { orderPartitionsSetting, rememberedOrderPartitions } from '../../src/messaging/order-partitions.ts'
import type { Departure } from '../../src/messaging/row-departures.ts'
import type { BankRecord } from '../../src/payment/bank.ts'
import type { BankNews } from '../../src/payment/bank-news.ts'
import type { ListedPaymentKey } from '../../src/payment/partition/departed-payments.ts'
import { listedPayments } from '../../src/payment/partition/listed-payments.ts'
import { type BankReport, PaymentPartition } from '../../src/payment/partition/payment-partition.ts'
import type { RefundRequest } from '../../src/payment/partition/refund-request.ts'
import type { Payment } from '../../src/payment/payment.ts'
import type { BriefCause } from '../../src/payment/policy.ts'
import { gatewayNameOf, refundObjectionOf } from './gateways/refund-objection.ts'
import { partitionsSettingOf } from './partitions-setting.ts'
import { listPayments, unlistPayments } from './payment-list.ts'

/** A payment partition on Cloudflare. Its rules are in `PaymentPartition`, and in the filling of its list. */
export class PaymentObject extends DurableObject<PaymentEnv> {
  readonly #durable: DurableHost
  readonly #partition: PaymentPartition
  readonly #filling: ListFilling
  readonly #measure: () => Sample[]

  constructor(ctx: DurableObjectState, env: PaymentEnv) {
    super(ctx, env)
    const inboxes = { order: env.ORDER_INBOX, payment: env.PAYMENT_INBOX }
    this.#durable = createDurableHost(
      ctx,
      createPublisher(inboxes, messageSettingsOf(env)),
      createLog('payment'),
    )
    const remember = keepOpenSetting(ctx, { host: this.#durable.host, ...partitionsSettingOf(env) })
    const list = (payments: readonly Payment[]) =>
      within(PORT_TIMEOUT_MS, 'listing payments', listPayments(env.PAYMENTS_DB, payments))
    const unlist = (keys: readonly ListedPaymentKey[]) =>
      within(PORT_TIMEOUT_MS, 'taking payments off the list', unlistPayments(env.PAYMENTS_DB, keys))
    this.#partition = new PaymentPartition({
      host: this.#durable.host,
      bankName: gatewayNameOf(env),
      list,
      unlist,
      keysAnHourMax: keysAnHourMaxOf(env),
      refundObjection: refundObjectionOf(env),
    })
    this.#filling = createListFilling({
      host: this.#durable.host,
      partition: ctx.id.name ?? '',
      source: listedPayments(list),
    })
    this.#filling.wakeForDue()
    this.#measure = createMeasure(ctx, () => this.#partition.measure())
    remember()
  }

  /** Only on the first partition: throws where the list does not begin with the list that payments were placed under. */
  keepTo(list: string): void {
    rememberSetting(this.#durable.host, orderPartitionsSetting(list))
  }

  /** Only on the first partition: the list that payments lie under. */
  remembered(): string {
    return rememberedOrderPartitions(this.#durable.host.sql)
  }

  begin(events: readonly BriefCause[]) {
    return this.#partition.begin(events)
  }

  record(reports: readonly BankReport[]) {
    return this.#partition.record(reports)
  }

  questionFor(news: BankNews) {
    return this.#partition.questionFor(news)
  }

  applyNews(news: BankNews, records: readonly BankRecord[]) {
    return this.#partition.applyNews(news, records)
  }

  requestRefund(request: RefundRequest) {
    return this.#partition.requestRefund(request)
  }

  get(orderId: string, caller: Caller) {
    return this.#partition.get(orderId, caller)
  }

  /** Whether the payment belongs to another client. The method keeps its name, as `note` does. */
  isForeign(orderId: string, caller: Caller) {
    return this.#partition.isForeign(orderId, caller)
  }

  /** The method keeps its name: Workers and objects of two versions meet during a deployment. */
  note(orderId: string, factIds: readonly string[]) {
    this.#partition.acknowledge(orderId, factIds)
  }

  /** Objects of an earlier version do not have it: the event comes again. */
  letGo(departure: Departure) {
    this.#partition.letGo(departure)
  }

  /** For the reconciliation. Objects of an earlier version do not have it. */
  departedBefore() {
    return this.#partition.departedBefore()
  }

  /** For the audit. Objects of an earlier version do not have it, nor the next one. */
  booksAfter(orderId: string, limit: number) {
    return this.#partition.booksAfter(orderId, limit)
  }

  booksOf(orderIds: readonly string[]) {
    return this.#partition.booksOf(orderIds)
  }

  /** Lists every payment once more, a portion at each alarm. */
  rebuildList(request?: IdempotentRequest) {
    return this.#filling.restart(request)
  }

  /** The method keeps its name: Workers and objects of two versions meet during a deployment. */
  rouse() {
    return this.#durable.rearm(() => {
      this.#partition.wakeForDue()
      this.#filling.wakeForDue()
    })
  }

  /** What the partition counts and measures. Objects of an earlier version do not have it. */
  measure() {
    return this.#measure()
  }

  override alarm() {
    return this.#durable.onAlarm(async () => {
      await Promise.all([this.#partition.wake(), this.#filling.wake()])
    })
  }
}
