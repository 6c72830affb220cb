import { expect, it } from 'vitest'
import type { Log } from '../../../src/messaging/partition.ts'
import { createOrderApp } from '../../../workers/order/app.ts'
import { createCatalogue } from '../../../workers/order/catalogue.ts'
import { createKeyRing } from '../../../workers/order/edge/keys/key-ring.ts'

const TRACE_ID = '16d8fe903483a4d2a8dd65bf491ea84d'

it('asks the other Workers for their readiness in the trace of the request, so that their lines have it', async () => {
  const noLog: Log = () => undefined
  const app = createOrderApp(createCatalogue(Date.now), createKeyRing(Date.now), noLog)
  const traces: (string | null)[] = []
  const worker = {
    fetch: async (...request: ConstructorParameters<typeof Request>) => {
      traces.push(new Request(...request).headers.get('traceparent'))
      return Response.json({ ready: true, problems: [] })
    },
  }
  const headers = { traceparent: `00-${TRACE_ID}-7d416f4113cf5ce1-01` }
  await app.request('/readyz', { headers }, { INVENTORY: worker, PAYMENT: worker, OPERATIONS: worker })
  expect(traces.map((traceparent) => traceparent?.split('-')[1])).toEqual([TRACE_ID, TRACE_ID, TRACE_ID])
})
