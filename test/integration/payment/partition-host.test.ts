import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { createDurableHost } from '../../../src/cloudflare/partition-host.ts'
import type { Outgoing } from '../../../src/messaging/outgoing.ts'
import { describeHost } from '../../features/host.features.ts'

const { PAYMENTS } = env as PaymentEnv

let started = 0

/** A host of the test's own over the storage of a payment partition that no other test calls. */
describeHost('the Durable Object host', async () => {
  started += 1
  const partition = PAYMENTS.getByName(`payments-host-${started}`)
  const sent: Outgoing[] = []
  const publish = async (outgoing: readonly Outgoing[]) => void sent.push(...outgoing)
  const { host } = await runInDurableObject(partition, (_, state) =>
    createDurableHost(state, { publish, lingerMs: 0 }, () => {}),
  )
  return {
    run: (work) => runInDurableObject(partition, () => work(host)),
    sent,
    alarm: () =>
      runInDurableObject(partition, async (_, state) => (await state.storage.getAlarm()) ?? undefined),
  }
})
