import { describe, expect, it } from 'vitest'
import { SCOPES } from '../../src/contracts/caller.ts'
import { openShopOf } from '../support/keys.ts'
import { CALLS, requestTo, type World } from './world.ts'

const GUARDED = CALLS.filter(({ scope }) => scope !== 'open')

/** Who may do what, written down a second time: a call that asks for less does so on purpose. */
const MATRIX = {
  'orders:read': [
    'getOrder',
    'getOrderEvents',
    'getOrderStory',
    'getOrderTrace',
    'getWebhook',
    'listDeliveries',
    'listOrders',
    'listWebhooks',
  ],
  'orders:write': [
    'cancelOrder',
    'changeWebhook',
    'placeOrder',
    'registerWebhook',
    'removeWebhook',
    'resendDeliveries',
    'resendDelivery',
    'rotateWebhookSecret',
    'testWebhook',
  ],
  'inventory:read': [
    'getLevel',
    'getProduct',
    'listLevels',
    'listMovements',
    'listProducts',
    'listStockAlerts',
    'readProductFeed',
  ],
  'inventory:write': ['adjustStock', 'putProduct'],
  'payments:read': ['getPayment', 'getSimulatedBooks', 'listPayments'],
  'payments:write': ['requestRefund'],
  'events:write': ['publishEvents'],
  operations: [
    'commitFeedConsumer',
    'createKey',
    'discardDeadLetter',
    'discardDeadLetters',
    'eraseCustomer',
    'getAudit',
    'getDeadLetter',
    'getFaults',
    'getFeedConsumer',
    'getMetrics',
    'getMetricsDay',
    'getMetricsHistory',
    'getReconciliation',
    'leaseFeedConsumer',
    'listAuditLog',
    'listDeadLetterGroups',
    'listDeadLetters',
    'listFeedConsumers',
    'listKeys',
    'listPauses',
    'pauseFeedConsumer',
    'pauseOrders',
    'putFeedConsumer',
    'readOrderFeed',
    'rebuildMovementList',
    'rebuildOrderList',
    'rebuildPaymentList',
    'redriveDeadLetter',
    'redriveDeadLetters',
    'removeFeedConsumer',
    'replayEvents',
    'resumeFeedConsumer',
    'resumeOrders',
    'revokeKey',
    'seekFeedConsumer',
    'sendPoison',
    'setFaults',
    'setOutage',
    'switchFeedOff',
    'switchProductFeedOff',
    'testFeedConsumer',
  ],
}

/** A bank's events are signed by the bank: a test of the gateway covers that. */
const OPEN = /^\/($|healthz|readyz|gateways\/stripe\/events|openapi\.json|asyncapi\.json|docs|schemas)(\/|$)/

export const brokenFunctionLevelAuthorization = (world: () => World) =>
  describe('API5: broken function level authorization', () => {
    it('every call asks for the scope that is written down here', () => {
      const byScope = Object.groupBy(GUARDED, ({ scope }) => scope)
      const asked = Object.entries(byScope).map(([scope, calls]) => [
        scope,
        calls.map(({ route }) => route.operationId).toSorted(),
      ])
      expect(Object.fromEntries(asked)).toEqual(MATRIX)
    })

    it('only health, the documents and what a bank signs are open', () => {
      const open = CALLS.filter(({ scope }) => scope === 'open').map(({ route }) => route.path)
      expect(open.filter((path) => !OPEN.test(path))).toEqual([])
    })

    it.each(SCOPES)('no call that needs %s is answered with all the others', async (scope) => {
      const { system, ids } = world()
      const others = await openShopOf(
        system,
        'others',
        SCOPES.filter((each) => each !== scope),
      )
      for (const call of GUARDED.filter((each) => each.scope === scope)) {
        const { path, ...request } = requestTo(call, { ...ids, id: 'none', orderId: 'none' })
        expect(await others.problem(others.call(path, request))).toMatchObject({
          status: 403,
          code: 'forbidden',
        })
      }
    })

    it.each(SCOPES)('every call that needs %s is answered with that alone', async (scope) => {
      const { system } = world()
      const alone = await openShopOf(system, 'alone', [scope])
      for (const call of GUARDED.filter((each) => each.scope === scope)) {
        const { path, method } = requestTo(call, {})
        const body = ['GET', 'DELETE'].includes(method) ? undefined : { unknown: 1 }
        expect((await alone.call(path, { method, body })).status).not.toBe(403)
      }
    })
  })
