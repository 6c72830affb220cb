import { describe, expect, it } from 'vitest'
import type { ExternalOrder } from '../../../src/contracts/external-order.ts'
import { MINUTE_MS } from '../../../src/kernel/instant.ts'
import { SWEEP_ROWS_MAX } from '../../../src/messaging/sweep.ts'
import type { ExternalPlaceRequest } from '../../../src/order/partition/external-placement.ts'
import type { TokenHasher } from '../../../src/order/payment-token.ts'
import {
  CLIENT,
  paymentAuthorized,
  paymentCaptured,
  paymentDeclined,
  stockReleased,
  stockReserved,
} from '../../support/builders.ts'
import { createOrderWorld } from '../../support/order-world.ts'

const TOKEN = 'pm_card_visa'

const ASKED = {
  orderId: '12345',
  items: [{ productId: 'P001', quantity: 2 }],
  totalAmount: 100,
  currency: 'USD',
  paymentToken: TOKEN,
} satisfies ExternalOrder

/** Hashes under these keys, newest first. None of them contains what it stands for. */
const hasher =
  (...keyIds: string[]): TokenHasher =>
  async (...named) =>
    keyIds.map((keyId) => `${keyId}.${Buffer.from(named.join()).toString('hex')}`)

type World = ReturnType<typeof createOrderWorld>

const asking = async (hashToken: TokenHasher | undefined, changes: Partial<ExternalOrder> = {}) => {
  const asked = { ...ASKED, ...changes }
  const { client } = CLIENT
  const tokenHashes = (await hashToken?.(client, asked.orderId, asked.paymentToken)) ?? []
  const [paymentTokenHash] = tokenHashes
  const { orderId, currency, paymentToken } = asked
  const lines = [{ productId: 'P001', quantity: 2, unitPriceMinor: 5_000, amountMinor: 10_000 }]
  const value = {
    ...{ orderId, client, currency, paymentToken, lines, totalMinor: 10_000 },
    ...(paymentTokenHash !== undefined && { paymentTokenHash }),
  }
  return { asked, client, tokenHashes, placement: { ok: true, value } } satisfies ExternalPlaceRequest
}

const publish = async (world: World, hashToken: TokenHasher | undefined, changes?: Partial<ExternalOrder>) =>
  world.partition().externalOrders.place([await asking(hashToken, changes)])

const about = (orderId: string) => ({ data: { orderId } })

const rowsOf = (world: World): string => JSON.stringify(world.memory.rows())

const hasToken = (world: World): boolean => rowsOf(world).includes(TOKEN)

const settle = async (world: World, orderId = ASKED.orderId) => {
  world.answer(paymentDeclined(about(orderId)), stockReleased(about(orderId)))
  await world.memory.ringUntil(world.memory.now() + MINUTE_MS, world.wake)
}

const KEY = hasher('key1')

describe('the token of an order that brings its own id', () => {
  it('is there until it was used for good, and then in no row', async () => {
    const world = createOrderWorld({ hashToken: KEY })
    await publish(world, KEY)
    world.answer(stockReserved(about('12345')), paymentAuthorized(about('12345')))
    expect(hasToken(world)).toBe(true)
    world.answer(paymentCaptured(about('12345')))
    expect(hasToken(world)).toBe(false)
  })

  it('is still the same order when its event comes again, and with another token it is taken', async () => {
    const world = createOrderWorld({ hashToken: KEY })
    await publish(world, KEY)
    await settle(world)
    expect(await publish(world, KEY)).toEqual([])
    expect(await publish(world, KEY, { paymentToken: 'pm_sim_slow' })).toMatchObject([
      { reason: { code: 'order_id_taken' } },
    ])
  })

  it('is compared under the key that hashed it when there is a newer one', async () => {
    const world = createOrderWorld({ hashToken: KEY })
    await publish(world, KEY)
    await settle(world)
    const both = hasher('key2', 'key1')
    expect(await publish(world, both)).toEqual([])
    expect(await publish(world, both, { paymentToken: 'pm_sim_slow' })).toHaveLength(1)
  })

  it.each([
    ['another', hasher('key2')],
    ['no', undefined],
  ])('is no reason to refuse the order again where there is %s key', async (_, hashToken) => {
    const world = createOrderWorld({ hashToken: KEY })
    await publish(world, KEY)
    await settle(world)
    expect(await publish(world, hashToken)).toEqual([])
  })

  it('stays where there is no key, and is erased once there is one', async () => {
    const world = createOrderWorld({ hashToken: 'no key' })
    await publish(world, undefined)
    await settle(world)
    expect(hasToken(world)).toBe(true)
    expect(world.memory.wakeAt()).toBeUndefined()
    expect(await publish(world, undefined, { paymentToken: 'pm_sim_slow' })).toHaveLength(1)
    world.restart(KEY)
    await world.memory.ringUntilRest(world.wake)
    expect(hasToken(world)).toBe(false)
    expect(await publish(world, KEY)).toEqual([])
    expect(await publish(world, KEY, { paymentToken: 'pm_sim_slow' })).toHaveLength(1)
  })

  it('that was stored without a hash gets one when the order is settled', async () => {
    const world = createOrderWorld({ hashToken: KEY })
    await publish(world, undefined)
    await settle(world)
    expect(hasToken(world)).toBe(false)
    expect(await publish(world, KEY)).toEqual([])
  })
})

describe('the token of an order that we named', () => {
  it('is erased without a hash and without a key: no event can bring that order again', async () => {
    const world = createOrderWorld({ hashToken: 'no key' })
    world.place({ paymentToken: TOKEN })
    world.answer(paymentDeclined())
    expect([hasToken(world), rowsOf(world).includes('paymentTokenHash')]).toEqual([false, false])
  })
})

describe('what the code before has stored', () => {
  it('is erased in portions', async () => {
    const world = createOrderWorld({ hashToken: 'no key' })
    const ids = Array.from({ length: SWEEP_ROWS_MAX + 1 }, (_, nth) => `web-${1_000 + nth}`)
    for (const orderId of ids) {
      await publish(world, undefined, { orderId })
      await settle(world, orderId)
    }
    world.restart(KEY)
    const left = () => rowsOf(world).split(TOKEN).length - 1
    expect(left()).toBe(SWEEP_ROWS_MAX + 1)
    await world.memory.ring(world.wake)
    expect(left()).toBe(1)
    await world.memory.ringUntilRest(world.wake)
    expect(left()).toBe(0)
    expect(world.memory.rows()['sweeps']).toEqual([])
  })
})
