import { expect, it } from 'vitest'
import { findTarget } from '../../../scripts/ops/target.ts'

it('npm run ops takes what is set to nothing for not set', () => {
  expect(findTarget({ key: 'a-key' }, { PORT: '', EDGE_ORDERS_URL: '', EDGE_ORDERS_KEY: '' })).toEqual({
    url: 'http://localhost:8787',
    key: 'a-key',
  })
  expect(findTarget({}, { PORT: '9000', EDGE_ORDERS_URL: '', EDGE_ORDERS_KEY: '' })).toEqual({
    url: 'http://localhost:9000',
    key: expect.stringMatching(/.{8}/),
  })
})

it('npm run ops asks for a key where it is set to nothing, and the system is another machine', () => {
  expect(() =>
    findTarget({}, { EDGE_ORDERS_URL: 'https://orders.example.com', EDGE_ORDERS_KEY: '' }),
  ).toThrow('There is no key for https://orders.example.com.')
})
