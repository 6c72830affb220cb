import { beforeAll, expect, it } from 'vitest'
import { placeSmokeOrder } from '../../scripts/deploy/smoke-order.ts'
import { type SharedSystem, sharedSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

let system: SharedSystem
let url = ''

beforeAll(async () => {
  system = await sharedSystem()
  url = await system.address()
})

const smoke = async (key: string) => {
  const printed: string[] = []
  await placeSmokeOrder({ url, key, currency: 'USD' }, (line) => printed.push(line))
  return printed.join('\n')
}

it('goes through the whole system, and leaves stock and money as they were, any number of times', async () => {
  for (const _ of ['first', 'second']) {
    expect(await smoke('test-admin-key')).toMatch(
      /ord_\S+ is confirmed: stock committed, money captured\n {2}taken back: stock released, money refunded$/,
    )
  }
  const { body } = await openShop(system).call('/inventory/SMOKE-ORDER')
  expect(body).toMatchObject({ onHand: 0, reserved: 0, available: 0 })
})

it('says what is wrong', async () => {
  await expect(smoke('wrong-key')).rejects.toThrow(
    /The system is deployed and ready, but the smoke order failed: 401 unauthorized/,
  )
})
