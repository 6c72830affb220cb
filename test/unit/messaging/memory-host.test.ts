import type { Outgoing } from '../../../src/messaging/outgoing.ts'
import { describeHost } from '../../features/host.features.ts'
import { createMemoryHost } from '../../support/memory-host.ts'

describeHost('the memory host', () => {
  const memory = createMemoryHost()
  const sent: Outgoing[] = []
  return {
    run: async (work) => {
      try {
        return await work(memory.host)
      } finally {
        sent.push(...memory.takePublished())
      }
    },
    sent,
    alarm: async () => memory.wakeAt(),
  }
})
