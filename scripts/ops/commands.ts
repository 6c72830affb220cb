import { type Client, orThrow } from '../../packages/client/src/index.ts'
import { AUDIT_COMMANDS } from './audit-commands.ts'
import { BOOKS_COMMANDS } from './books-commands.ts'
import type { Command, Report } from './command.ts'
import { CONSUMER_COMMANDS } from './consumer-commands.ts'
import { CUSTOMER_COMMANDS } from './customer-commands.ts'
import { DEAD_LETTER_COMMANDS } from './dead-letter-commands.ts'
import { EVENT_COMMANDS } from './event-commands.ts'
import { FAULT_COMMANDS } from './fault-commands.ts'
import { KEY_COMMANDS } from './key-commands.ts'
import { METRICS_COMMANDS } from './metrics-commands.ts'
import { ORDER_COMMANDS } from './order-commands.ts'
import { PAYMENT_COMMANDS } from './payment-commands.ts'
import { PRODUCT_COMMANDS } from './product-commands.ts'
import { REPLAY_COMMANDS } from './replay-commands.ts'
import { STOCK_COMMANDS } from './stock-commands.ts'
import { SYSTEM_COMMANDS } from './system-commands.ts'
import { WEBHOOK_COMMANDS } from './webhook-commands.ts'

export const COMMANDS: Record<string, Command> = {
  ...ORDER_COMMANDS,
  ...PRODUCT_COMMANDS,
  ...STOCK_COMMANDS,
  ...PAYMENT_COMMANDS,
  ...EVENT_COMMANDS,
  ...REPLAY_COMMANDS,
  ...CUSTOMER_COMMANDS,
  ...FAULT_COMMANDS,
  ...WEBHOOK_COMMANDS,
  ...CONSUMER_COMMANDS,
  ...KEY_COMMANDS,
  ...DEAD_LETTER_COMMANDS,
  ...AUDIT_COMMANDS,
  ...BOOKS_COMMANDS,
  ...METRICS_COMMANDS,
  ...SYSTEM_COMMANDS,

  'rebuild orders': (api) => rebuild('/lists/orders/rebuild', api),
  'rebuild payments': (api) => rebuild('/lists/payments/rebuild', api),
  'rebuild movements': (api) => rebuild('/lists/movements/rebuild', api),
}

const rebuild = async (
  path: '/lists/orders/rebuild' | '/lists/payments/rebuild' | '/lists/movements/rebuild',
  api: Client,
): Promise<Report> => {
  const response = await orThrow(api.POST(path))
  const { list, partitions } = response
  const note = `When a partition is done, the log has the line \`the list of ${list} is filled\`.`
  return { rows: [[`${partitions} partitions list their ${list} again.`]], note, response }
}
