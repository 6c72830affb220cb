import { describe, expect, it } from 'vitest'
import { NOW, ORDER_ID } from '../../support/builders.ts'
import { command, createStockWorld, product } from '../../support/stock-world.ts'

const REQUEST = { requestKey: 'key', fingerprint: 'body' }
const NEED = { P001: 2, P002: 1 }

const stocked = () => {
  const world = createStockWorld()
  world.stock({ P001: 10, P002: 5 })
  return world
}

describe('a batch of commands', () => {
  it('answers each with the hold that it left', () => {
    const world = stocked()
    const lines = command('reserve', NEED).lines
    const reserved = { orderId: ORDER_ID, lines, state: 'reserved', reservedAt: NOW }
    expect(world.apply(command('reserve', NEED), command('commit', NEED))).toEqual([
      reserved,
      { ...reserved, state: 'committed', committedAt: NOW },
    ])
  })

  it('applies in its order', () => {
    const world = createStockWorld()
    world.stock({ P001: 2 })
    const [first, second] = world.apply(
      command('reserve', { P001: 2 }, 'first'),
      command('reserve', { P001: 1 }, 'second'),
    )
    expect([first, second]).toMatchObject([{ state: 'reserved' }, { state: 'refused' }])
  })

  it('gives to a later order what an earlier one of the batch lets go', () => {
    const world = createStockWorld()
    world.stock({ P001: 2 })
    world.apply(command('reserve', { P001: 2 }, 'first'))
    world.apply(command('release', { P001: 2 }, 'first'), command('reserve', { P001: 2 }, 'second'))
    expect(world.level('P001')).toEqual([2, 2])
  })

  it('writes each level once', () => {
    const world = stocked()
    const orders = ['a', 'b', 'c'].map((orderId) => command('reserve', { P001: 1 }, orderId))
    const before = world.partition().product('P001')?.levelRevision ?? 0
    world.apply(...orders)
    expect(world.partition().product('P001')).toMatchObject({
      reserved: 3,
      levelRevision: before + 1,
    })
  })

  it('leaves alone what it does not move', () => {
    const world = stocked()
    const before = world.partition().product('P002')
    world.memory.advance(1_000)
    world.apply(command('reserve', { P001: 1 }))
    expect(world.partition().product('P002')).toEqual(before)
  })

  it('that is repeated moves nothing', () => {
    const world = stocked()
    world.apply(command('reserve', NEED), command('commit', NEED))
    const before = world.partition().product('P001')
    world.memory.advance(1_000)
    world.apply(command('commit', NEED), command('reserve', NEED), command('commit', NEED))
    expect(world.partition().product('P001')).toEqual(before)
  })

  it('answers with no hold where there is nothing to commit', () => {
    expect(stocked().apply(command('commit', NEED))).toEqual([null])
  })

  it('finds a product that it never had short', () => {
    const [hold] = stocked().apply(command('reserve', { X: 1 }))
    expect(hold).toMatchObject({
      state: 'refused',
      shortages: [{ productId: 'X', requested: 1, available: 0 }],
    })
  })

  it('lets go of what an order holds, although the command names no lines', () => {
    const world = stocked()
    world.apply(command('reserve', NEED))
    world.apply(command('release', {}))
    expect([world.level('P001'), world.level('P002')]).toEqual([
      [10, 0],
      [5, 0],
    ])
  })

  it('remembers an order that was let go before it came', () => {
    const world = stocked()
    world.apply(command('release', {}))
    world.restart()
    expect(world.apply(command('reserve', NEED))).toMatchObject([{ state: 'released' }])
    expect(world.level('P001')).toEqual([10, 0])
  })

  it('returns what was committed', () => {
    const world = stocked()
    world.apply(command('reserve', NEED), command('commit', NEED))
    expect(world.level('P001')).toEqual([8, 0])
    world.apply(command('release', NEED))
    expect(world.level('P001')).toEqual([10, 0])
  })
})

describe('a product', () => {
  it('begins with nothing on hand', () => {
    const world = createStockWorld()
    expect(world.partition().putProduct(product('P001'))).toEqual({
      product: { ...product('P001'), revision: 1 },
      isNew: true,
    })
    expect(world.level('P001')).toEqual([0, 0])
  })

  it('that is put again as it is changes nothing', () => {
    const world = stocked()
    expect(world.partition().putProduct(product('P001'))).toMatchObject({
      product: { revision: 1 },
      isNew: false,
    })
    expect(world.published()).toEqual([])
  })

  it('that changes gets the next revision and keeps its level', () => {
    const world = stocked()
    world.apply(command('reserve', NEED))
    const changed = product('P001', { unitPriceMinor: 6_000 })
    expect(world.partition().putProduct(changed)).toEqual({
      product: expect.objectContaining({ unitPriceMinor: 6_000, revision: 2 }),
      isNew: false,
    })
    expect(world.level('P001')).toEqual([10, 2])
  })

  it('is published to the order service at once', () => {
    const world = createStockWorld()
    world.partition().putProduct(product('P001'))
    expect(world.published()).toEqual(['order P001/ProductChanged/1'])
  })
})

describe('levels', () => {
  it('come in the order of their products, from after the last one', () => {
    const world = createStockWorld()
    world.stock({ C: 3, A: 1, D: 0, B: 2 })
    expect(world.partition().levels('A', 2)).toEqual([
      { productId: 'B', onHand: 2, reserved: 0, updatedAt: NOW },
      { productId: 'C', onHand: 3, reserved: 0, updatedAt: NOW },
    ])
  })
})

describe('adjust', () => {
  it('moves what is on hand, and answers with the new level', () => {
    const world = stocked()
    world.apply(command('reserve', NEED))
    world.memory.advance(1_000)
    expect(world.adjust('P001', 5)).toEqual({
      ok: true,
      value: {
        level: { productId: 'P001', onHand: 15, reserved: 2, updatedAt: NOW + 1_000 },
        isReplay: false,
      },
    })
  })

  it('takes nothing that is promised, and says what there is', () => {
    const world = stocked()
    world.apply(command('reserve', NEED))
    expect(world.adjust('P001', -9)).toEqual({
      ok: false,
      reason: {
        code: 'insufficient_stock',
        level: { productId: 'P001', onHand: 10, reserved: 2 },
      },
    })
    expect(world.level('P001')).toEqual([10, 2])
  })

  it('does not know a product that was never put', () => {
    expect(createStockWorld().adjust('X', 1)).toEqual({ ok: false, reason: { code: 'product_not_found' } })
  })

  it('is made once for the same key and body, and answers as it did', () => {
    const world = stocked()
    const first = world.adjust('P001', 5, { request: REQUEST })
    world.adjust('P001', 100)
    const again = world.adjust('P001', 5, { request: REQUEST })
    expect(again).toEqual(first.ok && { ok: true, value: { ...first.value, isReplay: true } })
    expect(world.level('P001')).toEqual([115, 0])
  })

  it('answers a key that older code kept from the view that it kept', () => {
    const world = stocked()
    const level = { productId: 'P001', onHand: 7, reserved: 0, updatedAt: NOW }
    world.memory.sql(
      'INSERT INTO requests (request_key, fingerprint, subject, status, body, at) VALUES (?, ?, ?, ?, ?, ?)',
      ...[REQUEST.requestKey, REQUEST.fingerprint, 'P001', 200, JSON.stringify(level), NOW],
    )
    expect(world.adjust('P001', 5, { request: REQUEST })).toEqual({
      ok: true,
      value: { level, isReplay: true },
    })
  })

  it('does nothing for the same key with another body', () => {
    const world = stocked()
    world.adjust('P001', 5, { request: REQUEST })
    expect(world.adjust('P001', 6, { request: { ...REQUEST, fingerprint: 'other' } })).toEqual({
      ok: false,
      reason: { code: 'idempotency_key_reused' },
    })
    expect(world.level('P001')).toEqual([15, 0])
  })

  it('that is refused leaves its key free', () => {
    const world = stocked()
    world.adjust('P001', -11, { request: REQUEST })
    expect(world.adjust('P001', -10, { request: REQUEST })).toMatchObject({
      ok: true,
      value: { isReplay: false },
    })
  })
})
