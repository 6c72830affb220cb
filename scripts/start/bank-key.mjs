import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { Failure } from '../failure.mjs'
import { ROOT } from '../wrangler.mjs'

/**
 * Stripe without its key charges no order, so the start ends before anything runs. The environment wins over `.dev.vars`, and
 * an empty variable counts as not set.
 * @param {Record<string, string | undefined>} environment
 */
export const requireBankKey = (environment) => {
  const own = parseEnv(readFileSync(join(ROOT, 'workers/payment/.dev.vars'), 'utf8'))
  if ((environment.PAYMENT_GATEWAY || own.PAYMENT_GATEWAY) !== 'stripe') return
  if (environment.STRIPE_SECRET_KEY || own.STRIPE_SECRET_KEY) return
  throw new Failure(
    'PAYMENT_GATEWAY is stripe, and STRIPE_SECRET_KEY is missing.',
    'Set it in the environment of npm start or in workers/payment/.dev.vars: a test-mode key such as sk_test_… charges no card.',
  )
}
