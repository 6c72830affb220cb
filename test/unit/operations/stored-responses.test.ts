import { expect, it } from 'vitest'
import { DAY_MS } from '../../../src/kernel/instant.ts'
import { OPERATOR } from '../../support/builders.ts'
import { databaseBytes } from '../../support/database-bytes.ts'
import { createWebhookWorld } from '../../support/webhook-world.ts'

const URL_OF_2000 = `https://shop.example/${'x'.repeat(1_979)}`

const keyed = (name: string) => ({ requestKey: name.padEnd(64, '0'), fingerprint: 'body'.padEnd(64, '0') })

const registered = () => {
  const world = createWebhookWorld()
  world.register('wh_1', { url: URL_OF_2000, request: keyed('registration') })
  const rotate = (name: string) =>
    world.partition().webhooks.rotate({
      ...{ webhookId: 'wh_1', caller: OPERATOR, secret: `whsec_${name}`, sealedSecret: `whsec_${name}` },
      overlapMs: 60_000,
      request: keyed(name),
    })
  return { world, rotate }
}

it("a rotation keeps no copy of the webhook's address", () => {
  const { world, rotate } = registered()
  rotate('first')
  const before = databaseBytes(world.memory.sql)
  for (let nth = 0; nth < 1_000; nth += 1) rotate(`key ${nth}`)
  expect((databaseBytes(world.memory.sql) - before) / 1_000).toBeLessThan(900)
})

it('a repeated key gets the address as it was, byte for byte, after it was changed and removed', () => {
  const { world, rotate } = registered()
  const { secret: _shownOnce, ...view } = (rotate('key') as { value: { view: Record<string, unknown> } })
    .value.view
  const { webhooks } = world.partition()
  webhooks.change({ webhookId: 'wh_1', caller: OPERATOR, url: 'https://elsewhere.example/' })
  webhooks.remove('wh_1', OPERATOR)
  world.restart()
  const again = rotate('key')
  expect(JSON.stringify(again)).toBe(JSON.stringify({ ok: true, value: { view, isReplay: true } }))
  expect(world.register('wh_1', { url: URL_OF_2000, request: keyed('registration') })).toMatchObject({
    ok: true,
    value: { isReplay: true, view: { id: 'wh_1', url: URL_OF_2000 } },
  })
})

it('parts of answers go with their keys', async () => {
  const { world, rotate } = registered()
  rotate('key')
  const parts = () =>
    world.memory.sql<{ count: number }>('SELECT count(*) AS count FROM answer_parts')[0]?.count
  expect(parts()).toBe(1)
  world.memory.advance(2 * DAY_MS)
  await world.wake()
  expect([parts(), world.memory.sql('SELECT * FROM idempotency_keys')]).toEqual([0, []])
})
