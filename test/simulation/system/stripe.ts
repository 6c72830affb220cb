// The package is loaded before the world begins. Inside it, a file that is read from disk would decide the order of events.
import 'stripe'
import { createLog } from '../../../src/cloudflare/log.ts'
import { createPublisher } from '../../../src/cloudflare/publisher.ts'
import { validSettings } from '../../../src/cloudflare/valid-settings.ts'
import { openPaymentPartitions } from '../../../workers/payment/payment-partitions.ts'
import { readPaymentSettings } from '../../../workers/payment/settings.ts'
import { takeStripeEvent } from '../../../workers/payment/take-stripe-event.ts'
import type { BankProfile } from '../platform/hostile-bank.ts'
import { createInvocation, type Platform } from '../platform/platform.ts'
import type { Actor } from '../platform/scheduler.ts'
import {
  createStripeConnection,
  createStripePosts,
  type SimulatedStripe,
} from '../platform/stripe-connection.ts'
import type { EnvironmentFor } from './environment.ts'

const TRACEPARENT = `00-${'1'.repeat(32)}-${'1'.repeat(16)}-01`

const log = createLog('payment')

type Ports = {
  cloud: Actor
  environmentFor: EnvironmentFor
  profileOf(orderId: string): BankProfile
}

/** Stripe, which the payment Worker calls, and which posts what has happened to the payment Worker. */
export const createStripe = (
  platform: Platform,
  { cloud, environmentFor, profileOf }: Ports,
): SimulatedStripe => {
  const { scheduler } = platform
  let posts = 0
  const tellPosts = createStripePosts(platform, cloud, async ({ id, orderId, type }) => {
    posts += 1
    const outlet = createInvocation(platform, `post ${posts} of ${id}`)
    outlet.actor.beforeResume = () => {
      if (platform.faults.hits('workerKilled')) outlet.kill()
    }
    scheduler.become(outlet.actor)
    const env = environmentFor(outlet)
    const settings = validSettings(readPaymentSettings(env))
    const deployment = {
      settings,
      openPartitions: openPaymentPartitions(env, settings.partitions),
      publish: createPublisher({ order: env.ORDER_INBOX }, settings.messages).publish,
    }
    const outcome = await takeStripeEvent({ eventId: id, orderId }, TRACEPARENT, { env, deployment, log })
    platform.trace('stripe', () => `posted ${type} of ${orderId} as ${id}: ${outcome}`)
    return outcome !== 'unread'
  })
  return createStripeConnection(platform, { cloud, profileOf, onNews: tellPosts })
}
