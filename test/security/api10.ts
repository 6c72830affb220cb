import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import type { World } from './world.ts'

const GARBAGE = [null, 7, 'text', [], {}, [null], [{ specversion: '1.0' }], { type: 'OrderPlaced', data: [] }]

/** A bank that lies: test/support/unreliable-bank, test/simulation/platform/hostile-bank. */
export const unsafeConsumptionOfApis = (world: () => World) =>
  describe('API10: unsafe consumption of APIs', () => {
    it('garbage on every inbox stops no order', async () => {
      const { system, owner } = world()
      for (const inbox of ['order-inbox', 'inventory-inbox', 'payment-inbox', 'operations-inbox'] as const) {
        for (const message of GARBAGE) await system.send(inbox, message)
      }
      const orderId = await owner.place([{ productId: 'P001', quantity: 1 }])
      expect(await owner.settled(orderId)).toMatchObject({ status: 'confirmed' })
    })

    it("a receiver's endless answer counts by its status, and is not waited for", async () => {
      const { owner } = world()
      const server = createServer((request, response) => {
        request.resume()
        response.writeHead(200, { 'content-type': 'text/plain' })
        const flood = setInterval(() => response.write('x'.repeat(1_024)), 5)
        response.once('close', () => clearInterval(flood))
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/flood`
      const { body: webhook } = await owner.post('/webhooks', { url, types: ['OrderSettled'] })
      await owner.post(`/webhooks/${webhook.id}/test`)
      await eventually(
        async () => (await owner.call(`/webhooks/${webhook.id}/deliveries`)).body.items[0],
        (delivery) => delivery?.status === 'delivered',
      )
      server.closeAllConnections()
      server.close()
    })
  })
