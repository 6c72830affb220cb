import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { labelOfOrder } from '../../../src/kernel/partitions.ts'
import { uniqueOrderId } from '../../../src/order/external-id.ts'

const digest = async (text: string) => new Uint8Array(createHash('sha256').update(text).digest())
const idOf = (client: string, externalId: string, label = '1') =>
  uniqueOrderId({ client, externalId }, label, digest)

it('is derived, and never changes: stored orders are found by it', async () => {
  expect(await idOf('shop', '12345')).toBe('ord_1_7z1jwq4b4y3f95ae0z7hzcy7br')
})

it('is an id as all orders have, in the partition that it was derived for', async () => {
  expect(labelOfOrder(await idOf('shop', '12345'), [2])).toBe('1')
})

it('is another for each client and each external id, wherever one ends and the other begins', async () => {
  const names = [
    ['shop', '12345'],
    ['shop', '1234'],
    ['shop1', '2345'],
    ['shop","1', '2345'],
    ['another', '12345'],
  ] as const
  const ids = await Promise.all(names.map(([client, externalId]) => idOf(client, externalId)))
  expect(new Set(ids).size).toBe(names.length)
})
