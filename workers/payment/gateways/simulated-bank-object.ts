import { DurableObject } from 'cloudflare:workers'
import { createLog } from '../../../src/cloudflare/log.ts'
import { createDurableHost } from '../../../src/cloudflare/partition-host.ts'
import { keepOpenSetting } from '../../../src/cloudflare/witness.ts'
import type { BankCall } from '../../../src/payment/bank.ts'
import { partitionsSettingOf } from '../partitions-setting.ts'
import { SimulatedBank } from './simulated-bank.ts'

/** A branch of the simulated bank on Cloudflare. It publishes nothing and has no alarm. */
export class SimulatedBankObject extends DurableObject<PaymentEnv> {
  readonly #bank: SimulatedBank

  constructor(ctx: DurableObjectState, env: PaymentEnv) {
    super(ctx, env)
    const publisher = { publish: async () => {}, lingerMs: 0 }
    const { host } = createDurableHost(ctx, publisher, createLog('simulated-bank'))
    const remember = keepOpenSetting(ctx, { host, ...partitionsSettingOf(env) })
    this.#bank = new SimulatedBank(host, { isDemo: env.DEMO_CATALOGUE === 'true' })
    remember()
  }

  perform(calls: readonly BankCall[]) {
    return this.#bank.perform(calls)
  }

  setOutage(outage: { isDown: boolean }) {
    this.#bank.setOutage(outage)
  }

  ordersAfter(orderId: string, limit: number) {
    return this.#bank.ordersAfter(orderId, limit)
  }

  books(orderId: string) {
    return this.#bank.books(orderId)
  }
}
