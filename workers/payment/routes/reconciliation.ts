import { createApp } from '../../../src/cloudflare/http/app.ts'
import { askedPage, badCursor } from '../../../src/cloudflare/http/page.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import type { BankBalance } from '../../../src/contracts/books.ts'
import { getReconciliation } from '../../../src/contracts/http/reconciliation.ts'
import { encodeCursor } from '../../../src/contracts/paging.ts'
import { fromTimestamp } from '../../../src/kernel/instant.ts'
import { toMajor } from '../../../src/kernel/money.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { type Difference, FIRST_PAGE, isPhase, reconcilePage } from '../../../src/payment/reconciliation.ts'
import { reconcilePorts } from '../reconcile-ports.ts'
import { readPaymentSettings } from '../settings.ts'
import type { PaymentRoutesEnv } from '../variables.ts'

/** `GET /reconciliation`: the bank's list of payments beside ours, and the reverse. */
export const reconciliationRoutes = (log: Log) => {
  const app = createApp<PaymentRoutesEnv>(log)

  serve(app, getReconciliation, async (c) => {
    const query = c.req.valid('query')
    const page = askedPage('reconciliation', { limit: 1, ...query })
    if (!page.ok) return badCursor(c, page.reason)
    const settings = readPaymentSettings(c.env)
    if (!settings.ok) return problem(c, 'unavailable', { detail: settings.reason.join('; ') })
    const { list, after: [phase, after] = FIRST_PAGE } = page.value
    const window = { from: fromTimestamp(query.from), to: fromTimestamp(query.to) }
    const partitions = c.var.paymentPartitions
    const ports = reconcilePorts(c.env, { settings: settings.value, partitions, log })
    try {
      const { differences, next, ...counts } = await reconcilePage(
        window,
        [isPhase(phase) ? phase : 'bank', after],
        ports,
      )
      const nextCursor = next && encodeCursor({ list, position: next })
      return c.json(
        { differences: differences.map(viewDifference), ...counts, ...(nextCursor && { nextCursor }) },
        200,
      )
    } catch (error) {
      log('warn', 'the list of the bank could not be read', { traceId: c.var.traceId, error: String(error) })
      return problem(c, 'unavailable', { detail: 'The bank did not answer. Ask for the same page again.' })
    }
  })

  return app
}

const viewDifference = ({ here, bank, ...about }: Difference) => ({
  ...about,
  ...(here && { here: viewBalance(here, about.currency) }),
  ...(bank && { bank: viewBalance(bank, about.currency) }),
})

const viewBalance = ({ heldMinor, capturedMinor, refundedMinor }: BankBalance, currency: string) => ({
  heldAmount: toMajor(heldMinor, currency),
  capturedAmount: toMajor(capturedMinor, currency),
  refundedAmount: toMajor(refundedMinor, currency),
})
