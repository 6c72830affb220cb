import { describe, expect, it } from 'vitest'
import { type AuditEntry, withoutSecrets } from '../../../src/contracts/audit-entry.ts'
import { timeDigits } from '../../../src/kernel/ids.ts'
import { MINUTE_MS } from '../../../src/kernel/instant.ts'
import { entryAfter } from '../../../workers/order/edge/audit-log/audit-end.ts'
import {
  dropEntries,
  forwardLeftBehind,
  storeEntry,
} from '../../../workers/order/edge/audit-log/audit-outbox.ts'
import { AUDITED } from '../../../workers/order/edge/audit-log/audited-calls.ts'
import { NOW } from '../../support/builders.ts'
import { createInMemoryD1 } from '../../support/in-memory-d1.ts'

const entry = (id = 'e1', changes: Partial<AuditEntry> = {}): AuditEntry => ({
  ...{ id, at: '2026-11-28T00:00:00.000Z', client: 'web', kind: 'order', action: 'cancelled' },
  ...{ subject: 'ord_0_1', outcome: 'unknown' },
  ...changes,
})

describe('the entry after a call', () => {
  const callOf = (operationId: string) => {
    const found = AUDITED.find(({ call }) => call.route.operationId === operationId)
    if (found === undefined) throw new Error(operationId)
    return found
  }
  const begun = { entry: entry(), params: { orderId: 'ord_0_1' }, request: {}, before: undefined }
  const cancelled = (status = 202, headers = {}) =>
    Response.json(
      { status: 'cancelled', totalAmount: 5, currency: 'USD', customerId: 'Ann' },
      { status, headers },
    )

  it('has chosen fields of the subject before and after, and nothing about the customer', async () => {
    const before = { status: 'confirmed', totalAmount: 5, currency: 'USD' }
    expect(await entryAfter(callOf('cancelOrder'), { ...begun, before }, cancelled())).toEqual(
      entry('e1', {
        outcome: 'done',
        before,
        after: { status: 'cancelled', totalAmount: 5, currency: 'USD' },
      }),
    )
  })

  it.each([
    ['was refused', new Response(null, { status: 409 }), undefined],
    ['repeated another', cancelled(202, { 'idempotency-replayed': 'true' }), undefined],
    ['found all as it asked for', cancelled(200), { status: 'cancelled', totalAmount: 5, currency: 'USD' }],
  ])('is none where the call %s', async (_, response, before) => {
    expect(await entryAfter(callOf('cancelOrder'), { ...begun, before }, response)).toBeUndefined()
  })

  it('leaves the outcome unknown after an error of ours, with what was asked for', async () => {
    const asked = entry('e1', { after: { delta: 3 } })
    const response = new Response(null, { status: 503 })
    expect(await entryAfter(callOf('adjustStock'), { ...begun, entry: asked }, response)).toEqual(asked)
  })

  it('names what the call made by its new id, without its secret', async () => {
    const made = Response.json({ id: 'k7', client: 'web', scopes: ['operations'], key: 'eo_k7_secret' })
    expect(await entryAfter(callOf('createKey'), begun, made)).toMatchObject({
      subject: 'k7',
      after: { client: 'web', scopes: ['operations'] },
    })
  })

  it('has the level before an adjustment, from the level after it', async () => {
    const response = Response.json({ onHand: 8, reserved: 2, available: 6 })
    const adjusted = { ...begun, params: { productId: 'P1' }, request: { delta: 3, reason: 'a count' } }
    expect(await entryAfter(callOf('adjustStock'), adjusted, response)).toMatchObject({
      before: { onHand: 5, reserved: 2, available: 3 },
      after: { delta: 3, onHand: 8, reserved: 2, available: 6 },
    })
  })

  it('has the host of a webhook, and no other part of its address', async () => {
    const url = 'https://user:word@hooks.example/T0/secret?key=1'
    const webhook = Response.json({
      id: 'wh_1',
      url,
      types: ['OrderSettled'],
      status: 'enabled',
      secret: 'whsec_x',
    })
    const { after } = (await entryAfter(callOf('registerWebhook'), begun, webhook)) ?? {}
    expect(after).toEqual({ host: 'hooks.example', types: ['OrderSettled'], status: 'enabled' })
  })
})

it('a reason loses tokens, keys and secrets that someone pasted into it', () => {
  expect(withoutSecrets('paid with pm_1Abc, key eo_01m_Xy9, hook whsec_a+/b=, order ord_0_1')).toBe(
    'paid with [removed], key [removed], hook [removed], order ord_0_1',
  )
})

describe('entries that were left behind', () => {
  const idAt = (at: number) => `${timeDigits(at)}0000000000000000`
  const lost = entry(idAt(NOW - 6 * MINUTE_MS))
  const running = entry(idAt(NOW - 1_000))

  const outboxOf = async (entries: readonly AuditEntry[]) => {
    const { database, sql } = createInMemoryD1('order')
    for (const each of entries) await storeEntry(database, each)
    const left = () =>
      sql<{ entry: string }>('SELECT entry FROM audit_outbox').map((row) => JSON.parse(row.entry))
    return { database, left }
  }

  it('are forwarded once their call is over, and leave when they are in the log', async () => {
    const { database, left } = await outboxOf([lost, running])
    const kept: AuditEntry[] = []
    await forwardLeftBehind(database, async (entries) => void kept.push(...entries), NOW)
    expect({ kept, left: left() }).toEqual({ kept: [lost], left: [running] })
  })

  it('stay while the log is away', async () => {
    const { database, left } = await outboxOf([lost])
    const away = () => Promise.reject(new Error('away'))
    await expect(forwardLeftBehind(database, away, NOW)).rejects.toThrow('away')
    expect(left()).toEqual([lost])
  })

  it('are written over by the end of their call, and dropped where it did nothing', async () => {
    const { database, left } = await outboxOf([running])
    await storeEntry(database, { ...running, outcome: 'done' })
    expect(left()).toEqual([{ ...running, outcome: 'done' }])
    await dropEntries(database, [running.id])
    expect(left()).toEqual([])
  })
})
