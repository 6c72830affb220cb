import { createRoutes } from '../http/app.ts'
import type { FaultPort } from './port.ts'

/** No faults: what deployments have. */
export const faults: FaultPort = {
  outbox: (inbox) => inbox,
  consume: (_consumer, messages, work) => work(messages),
  callBank: (call) => call(),
  routes: createRoutes,
}
