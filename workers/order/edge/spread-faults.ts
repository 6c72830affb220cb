import type { Spread } from '../../../src/cloudflare/faults/port.ts'
import type { Faults } from '../../../src/contracts/http/drills.ts'
import type { OrderRoutesEnv } from '../variables.ts'
import { callInnerWorker, INNER_WORKERS } from './inner-workers.ts'

/** To the inner Workers: each has faults of its own. A Worker that is not connected has none. */
export const spreadFaults: Spread<OrderRoutesEnv> = async (c, request) => {
  const asked = INNER_WORKERS.map((name) =>
    callInnerWorker(c.env, name, (worker) => worker.handle(request(), c.get('caller'))),
  )
  const responses = (await Promise.all(asked)).flatMap((response) => response ?? [])
  return await Promise.all(responses.map((response) => response.json<Faults>()))
}
