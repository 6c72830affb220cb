import { createMiddleware } from 'hono/factory'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { setOutage } from '../../../src/contracts/http/drills.ts'
import { getSimulatedBooks } from '../../../src/contracts/http/payments.ts'
import { toTimestamp } from '../../../src/kernel/instant.ts'
import { toMajor } from '../../../src/kernel/money.ts'
import { labelOfOrder, partitionLabels } from '../../../src/kernel/partitions.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { simulatedBranch } from '../gateways/bank-of-gateway.ts'
import type { Books } from '../gateways/simulated-bank.ts'
import type { PaymentRoutesEnv } from '../variables.ts'

const NO_BOOKS: Books = {
  entries: [],
  currency: undefined,
  heldMinor: 0,
  capturedMinor: 0,
  refundedMinor: 0,
  isDown: false,
}

const NO_DEMO =
  'Only a demo has outages: set DEMO_CATALOGUE=true in workers/payment/.dev.vars, and start the system again.'

/** Only a deployment whose bank is the simulator has these routes. */
export const simulatorRoutes = (log: Log) => {
  const app = createApp<PaymentRoutesEnv>(log)
  app.use('/simulator/*', requireSimulator)

  serve(app, getSimulatedBooks, async (c) => {
    const { orderId } = c.req.valid('param')
    const isOfOtherClient = await c.var.paymentPartitions.of(orderId)?.isForeign(orderId, c.var.caller)
    const label = labelOfOrder(orderId, c.var.paymentPartitions.counts)
    const isHidden = isOfOtherClient === true || label === undefined
    const books = isHidden ? NO_BOOKS : await simulatedBranch(c.env, label).books(orderId)
    return c.json(viewBooks(books), 200)
  })

  serve(app, setOutage, async (c) => {
    if (c.env.DEMO_CATALOGUE !== 'true') return problem(c, 'not_found', { detail: NO_DEMO })
    const { isDown } = c.req.valid('json')
    const labels = partitionLabels(c.var.paymentPartitions.counts)
    await Promise.all(labels.map((label) => simulatedBranch(c.env, label).setOutage({ isDown })))
    log('warn', 'an outage of the simulated bank was set', {
      isDown,
      client: c.var.caller.client,
      traceId: c.var.traceId,
    })
    return c.json({ isDown }, 200)
  })

  return app
}

const requireSimulator = createMiddleware<PaymentRoutesEnv>(async (c, next) =>
  c.var.gateway === 'simulator'
    ? await next()
    : problem(c, 'not_found', { detail: 'The bank of this system is not the simulated one.' }),
)

const viewBooks = (books: Books) => {
  const amount = (minor: number) => (books.currency === undefined ? 0 : toMajor(minor, books.currency))
  return {
    operations: books.entries.map((entry) => ({
      type: entry.operation,
      amount: amount(entry.amountMinor),
      idempotencyKey: entry.idempotencyKey,
      outcome: entry.outcome,
      at: toTimestamp(entry.at),
    })),
    authorizedAmount: amount(books.heldMinor),
    capturedAmount: amount(books.capturedMinor),
    refundedAmount: amount(books.refundedMinor),
  }
}
