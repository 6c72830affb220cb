import { createApp } from '../../../src/cloudflare/http/app.ts'
import { respondOnceClaimed } from '../../../src/cloudflare/http/respond-once.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { newUlid } from '../../../src/cloudflare/new-ulid.ts'
import { SEND_TIMEOUT_MS } from '../../../src/cloudflare/publisher.ts'
import { within } from '../../../src/cloudflare/within.ts'
import { sendPoison } from '../../../src/contracts/http/drills.ts'
import { toTimestamp } from '../../../src/kernel/instant.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { consumerOfInbox, inboxOf } from '../dead-letters/queue-bindings.ts'
import type { OperationsRoutesEnv } from '../variables.ts'

/** A drill. The edge lets it through in a demo alone. */
export const poisonRoutes = (log: Log) => {
  const app = createApp<OperationsRoutesEnv>(log)

  serve(app, sendPoison, (c) =>
    respondOnceClaimed<typeof sendPoison>(
      c,
      { client: c.var.caller.client, database: c.env.OPERATIONS_DB },
      async () => {
        const { queue } = c.req.valid('json')
        const poison = poisonOf(newUlid(), c.var.traceparent)
        const sent = inboxOf(c.env, consumerOfInbox(queue)).send([poison], { contentType: 'json' })
        await within(SEND_TIMEOUT_MS, `sending to ${queue}`, sent)
        return { status: 202, body: { queue, eventId: poison.id }, statements: [] }
      },
    ),
  )

  return app
}

/** An event of a type that no consumer knows. */
const poisonOf = (ulid: string, traceparent: string) => ({
  specversion: '1.0',
  id: `poison-${ulid}`,
  source: '/simulator/poison',
  type: 'PoisonSent',
  schemaversion: 1,
  subject: `poison-${ulid}`,
  time: toTimestamp(Date.now()),
  datacontenttype: 'application/json',
  revision: 1,
  correlationid: `poison-${ulid}`,
  hops: 0,
  traceparent,
  data: {},
})
