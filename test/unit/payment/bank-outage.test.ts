import { describe, expect, it } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../../src/kernel/instant.ts'
import {
  type CallOutcome,
  createBankOutage,
  OUTAGE_KNOWN_MS,
} from '../../../src/payment/partition/bank-outage.ts'
import { NOW, orderPlacedEvent } from '../../support/builders.ts'
import { createPaymentWorld } from '../../support/payment-world.ts'

/** How long the bank has failed after these outcomes, one a minute, and a minute after the last one. */
const secondsAfter = (...outcomes: CallOutcome[]): number => {
  let now = NOW
  const outage = createBankOutage(() => now)
  for (const outcome of outcomes) {
    outage.note(outcome)
    now += MINUTE_MS
  }
  return outage.seconds()
}

describe('an outage of the bank', () => {
  it.each<[CallOutcome[], number]>([
    [[], 0],
    [['succeeded', 'declined', 'opened', 'found'], 0],
    [['succeeded', 'error'], 60],
    [['error', 'unknown', 'error'], 180],
    [['error', 'error', 'succeeded'], 0],
    [['error', 'declined'], 0],
    [['unknown', 'found'], 0],
    [['error', 'found'], 120],
    [['error', 'unknown', 'found'], 180],
    [['error', 'succeeded', 'unknown'], 60],
  ])('after %j lasts %i s', (outcomes, seconds) => {
    expect(secondsAfter(...outcomes)).toBe(seconds)
  })

  it('counts as over when no call has failed for a quarter of an hour, and the next one begins anew', () => {
    let now = NOW
    const outage = createBankOutage(() => now)
    outage.note('error')
    now += OUTAGE_KNOWN_MS
    expect(outage.seconds()).toBe(OUTAGE_KNOWN_MS / SECOND_MS)
    now += 1
    expect(outage.seconds()).toBe(0)
    outage.note('error')
    now += MINUTE_MS
    expect(outage.seconds()).toBe(60)
  })
})

it('is measured by the partition, with the name of the bank', async () => {
  const world = createPaymentWorld()
  const failing = () =>
    world
      .partition()
      .measure()
      .filter(({ name }) => name === 'edge_orders_bank_failing_seconds')
  const { bank } = world
  world.bank = { ...bank, perform: async () => ({ kind: 'error', detail: 'down' }) }
  await world.respond(orderPlacedEvent())
  world.memory.advance(MINUTE_MS)
  expect(failing()).toEqual([
    { name: 'edge_orders_bank_failing_seconds', value: 60, labels: { bank: 'simulator' } },
  ])
  world.bank = bank
  await world.respond(orderPlacedEvent())
  expect(failing()).toMatchObject([{ value: 0 }])
})
