import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { World } from './world.ts'

const EVIL = [
  'https://10.0.0.1/hook',
  'https://0xa9fea9fe/latest/meta-data',
  'https://[::ffff:169.254.169.254]/',
  'https://metadata.google.internal/',
  'https://10.0.0.1../hook',
  'https://[::169.254.169.254]/',
  'https://168.63.129.16/',
  'https://printer.local../',
  'https://metadata/',
  'http://shop.example/hook',
  'file:///etc/passwd',
  'https://user:secret@shop.example/',
  'https://shop.example:25/',
]

/** All notations of an address: test/unit/operations/webhook-address. Redirects: test/system/webhooks. */
export const serverSideRequestForgery = (world: () => World) =>
  describe('API7: server side request forgery', () => {
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(String(request.url))
      response.end()
    })
    let trap = ''

    beforeAll(async () => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      trap = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    })
    afterAll(() => server.close())

    it.each(EVIL)('a webhook cannot be turned to %s afterwards', async (url) => {
      const { owner, ids } = world()
      const refused = owner.problem(owner.call(`/webhooks/${ids.id}`, { method: 'PATCH', body: { url } }))
      expect(await refused).toEqual({ status: 422, code: 'validation_failed', paths: ['/url'] })
    })

    it('no address in an event or an order is ever asked', async () => {
      const { owner } = world()
      const data = {
        orderId: 'trap',
        items: [{ productId: 'P001', quantity: 1 }],
        totalAmount: 50,
        currency: 'USD',
      }
      const attributes = { specversion: '1.0', type: 'OrderPlaced', id: 'trap', schemaversion: 2 }
      const event = { ...attributes, source: `${trap}/source`, dataschema: `${trap}/schema`, data }
      const { status } = await owner.post('/events', event)
      expect(status).toBe(202)
      const items = [{ productId: 'P001', quantity: 1 }]
      await owner.post('/orders', {
        items,
        reference: `${trap}/reference`,
        metadata: { url: `${trap}/metadata` },
      })
      await owner.settled('trap')
      expect(asked).toEqual([])
    })
  })
