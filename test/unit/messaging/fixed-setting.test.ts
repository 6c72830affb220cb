import { describe, expect, it } from 'vitest'
import { STOCK_TABLES } from '../../../src/inventory/partition/stock-store.ts'
import {
  contradictionIn,
  isRemembered,
  rememberSetting,
  SETTINGS_TABLE,
} from '../../../src/messaging/fixed-setting.ts'
import { orderPartitionsSetting } from '../../../src/messaging/order-partitions.ts'
import type { PartitionHost } from '../../../src/messaging/partition.ts'
import { migrate } from '../../../src/messaging/schema.ts'
import { ORDER_TABLES } from '../../../src/order/partition/order-store.ts'
import { PAYMENT_TABLES } from '../../../src/payment/partition/payment-store.ts'
import { stockPartitionsSetting } from '../../../workers/inventory/settings.ts'
import { SIMULATED_BANK_TABLES } from '../../../workers/payment/gateways/simulated-bank.ts'
import { createMemoryHost } from '../../support/memory-host.ts'

/** A database that remembers these values, one after the other. */
const remembering = (...lists: string[]): PartitionHost => {
  const host = createMemoryHost().host
  migrate(host.sql, ORDER_TABLES)
  for (const list of lists) rememberSetting(host, orderPartitionsSetting(list))
  return host
}

const rows = ({ sql }: PartitionHost) => sql('SELECT name, value FROM settings')

describe('a list of order partitions', () => {
  it.each([
    ['2', '2,4'],
    ['2', '2,4,8'],
    ['2,4', '2,4,8'],
    ['1', '1,2'],
  ])('may grow from %s to %s, which is remembered', (earlier, later) => {
    const host = remembering(earlier, later)
    expect(rows(host)).toEqual([{ name: 'order_partitions', value: later }])
    expect(isRemembered(host.sql, orderPartitionsSetting(later))).toBe(true)
  })

  it.each([
    ['2', '4', 'Set it back to 2, or to 2,4 to have more.'],
    ['2', '20', 'Set it back to 2, or to 2,20 to have more.'],
    ['2', '4,8', 'Set it back to 2, or to 2,8 to have more.'],
    ['2', '1', 'Set it back to 2.'],
    ['2', '1,2', 'Set it back to 2.'],
    ['2,4', '2', 'Set it back to 2,4.'],
    ['2,4', '4', 'Set it back to 2,4.'],
    ['2,4', '2,3', 'Set it back to 2,4.'],
    ['2,4', '2,5', 'Set it back to 2,4, or to 2,4,5 to have more.'],
    ['2,4', '2,40', 'Set it back to 2,4, or to 2,4,40 to have more.'],
  ])('of %s may not become %s, and what is remembered stays', (earlier, later, advice) => {
    const host = remembering(earlier)
    const reason = `ORDER_PARTITIONS is ${later}, but this system was started with ${earlier}, which decides where each order lies. ${advice}`
    expect(() => isRemembered(host.sql, orderPartitionsSetting(later))).toThrow(reason)
    expect(() => rememberSetting(host, orderPartitionsSetting(later))).toThrow(reason)
    expect(rows(host)).toEqual([{ name: 'order_partitions', value: earlier }])
  })
})

describe('a count of stock partitions', () => {
  it.each(['1', '3', '20'])('of 2 may not become %s', (count) => {
    const host = createMemoryHost().host
    migrate(host.sql, STOCK_TABLES)
    rememberSetting(host, stockPartitionsSetting('2'))
    expect(() => isRemembered(host.sql, stockPartitionsSetting(count))).toThrow(
      `STOCK_PARTITIONS is ${count}, but this system was started with 2, which decides where each product lies. Set it back to 2.`,
    )
  })
})

describe('a database from before its setting was remembered', () => {
  it('forbids nothing, and is not written by being asked', () => {
    const host = createMemoryHost().host
    expect(isRemembered(host.sql, orderPartitionsSetting('2'))).toBe(false)
    expect(host.sql("SELECT name FROM sqlite_schema WHERE type = 'table'")).toEqual([])
  })

  it.each([
    ['order', ORDER_TABLES],
    ['payment', PAYMENT_TABLES],
    ['simulated bank', SIMULATED_BANK_TABLES],
  ] as const)('of the %s gets its table, and remembers the first value', (_service, tables) => {
    const host = createMemoryHost().host
    migrate(
      host.sql,
      tables.filter((table) => table !== SETTINGS_TABLE),
    )
    expect(isRemembered(host.sql, orderPartitionsSetting('2'))).toBe(false)
    for (const table of tables) if (table === SETTINGS_TABLE) host.sql(table)
    rememberSetting(host, orderPartitionsSetting('2'))
    expect(() => isRemembered(host.sql, orderPartitionsSetting('4'))).toThrow('Set it back to 2')
  })
})

describe('a contradiction', () => {
  const reason =
    'ORDER_PARTITIONS is 4, but this system was started with 2, which decides where each order lies. Set it back to 2, or to 2,4 to have more.'

  it.each([`Error: ${reason}`, `orders-0: Error: ${reason}`, reason])('is found in "%s"', (message) => {
    expect(contradictionIn(new Error(message))).toBe(reason)
  })

  it('is not found in another error', () => {
    expect(contradictionIn(new Error('Network connection lost.'))).toBeUndefined()
  })
})
