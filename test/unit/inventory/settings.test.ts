import { expect, it } from 'vitest'
import { readInventorySettings } from '../../../workers/inventory/settings.ts'

it('reads the count of stock partitions', () => {
  expect(readInventorySettings({ STOCK_PARTITIONS: '64' })).toEqual({
    ok: true,
    value: {
      partitionCount: 64,
      defaultCurrency: 'USD',
      keysAnHourMax: 5_000,
      messages: { format: 'text', lingerMs: 0, eventLogShare: 0.1 },
    },
  })
})

it.each(['', '0', '65', '0x10', '1e1', ' 2', '2.0', '02', 'two'])(
  'refuses a count of stock partitions that is none: "%s"',
  (count) => {
    expect(readInventorySettings({ STOCK_PARTITIONS: count })).toEqual({
      ok: false,
      reason: ['STOCK_PARTITIONS must be a count from 1 to 64'],
    })
  },
)
