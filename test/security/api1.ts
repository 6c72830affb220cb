import { describe, expect, it } from 'vitest'
import { CALLS, requestTo, type World } from './world.ts'

const WITH_ID = CALLS.filter(({ route, scope }) => route.path.includes('{') && scope !== 'open')

/** The catalogue and its stock are the shop's: any key with the scope reads them. */
const isOfTheShop = (path: string): boolean => path.includes('{productId}')

const OWNED = WITH_ID.filter(({ route, scope }) => scope !== 'operations' && !isOfTheShop(route.path))

/** The simulated books have no 404: an order that the bank never heard of has zeros. */
const isRefused = ({ route }: (typeof OWNED)[number]): boolean => !route.path.startsWith('/simulator/')

export const brokenObjectLevelAuthorization = (world: () => World) =>
  describe('API1: broken object level authorization', () => {
    it('knows whose the thing is of every call that names one', () => {
      expect(
        OWNED.filter(({ route }) => !/^\/(orders|payments|simulator|webhooks)\//.test(route.path)),
      ).toEqual([])
      expect(OWNED.length).toBeGreaterThanOrEqual(13)
    })

    it("the simulated books of another client's order are those of an order that was never placed", async () => {
      const { stranger, ids } = world()
      const books = (orderId: string) => stranger.call(`/simulator/payments/${orderId}`)
      const [others, nobodys] = [await books(ids.orderId), await books('nobodys')]
      expect([others.status, others.body]).toEqual([200, nobodys.body])
    })

    it.each(OWNED.filter(isRefused).map((call) => ({ call, id: call.route.operationId })))(
      "$id of another client's thing is a 404",
      async ({ call }) => {
        const { stranger, ids } = world()
        const { path, ...request } = requestTo(call, ids)
        expect(await stranger.problem(stranger.call(path, request))).toMatchObject({
          status: 404,
          code: expect.stringMatching(/_not_found$/),
        })
      },
    )

    it('was about things that are there: their owner gets them, unchanged', async () => {
      const { owner, ids } = world()
      const reads = OWNED.filter(({ route }) => route.method === 'get')
      const answers = await Promise.all(reads.map((call) => owner.call(requestTo(call, ids).path)))
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
      expect(await owner.read(ids.orderId)).toMatchObject({
        status: 'confirmed',
        payment: { capturedAmount: 100, refundedAmount: 0 },
      })
      expect((await owner.call(`/webhooks/${ids.id}`)).body).toMatchObject({ url: 'http://127.0.0.1:9/hook' })
    })
  })
