import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { D1_RESPONSE } from '../../src/cloudflare/d1-requests.ts'
import { ADJUSTMENT } from '../../src/inventory/movements.ts'
import { STORED_LEVEL } from '../../src/inventory/partition/adjustment.ts'
import { FACT_EVENT } from '../../src/inventory/partition/fact-store.ts'
import { RESERVATION } from '../../src/inventory/stock.ts'
import { COUNTS } from '../../src/messaging/counters.ts'
import { RESPONSE_PART } from '../../src/messaging/response-parts.ts'
import { OPEN_DEPARTURE } from '../../src/messaging/row-departures.ts'
import { readStored, type StoredType, toStored } from '../../src/messaging/stored-document.ts'
import { WEBHOOK_RESPONSE } from '../../src/operations/partition/stored-response.ts'
import { SUBSCRIBED_TYPES } from '../../src/operations/partition/subscription-store.ts'
import { WEBHOOK } from '../../src/operations/webhook.ts'
import { WEBHOOK_DELIVERY } from '../../src/operations/webhook-delivery.ts'
import { BULK_RESEND_VIEW, DELIVERY_VIEW, WEBHOOK_VIEW } from '../../src/operations/webhook-view.ts'
import { STORED_CANCELLATION } from '../../src/order/cancellation-answer.ts'
import { FEED_CONSUMER } from '../../src/order/feed-consumer.ts'
import { ORDER } from '../../src/order/order.ts'
import { ORDER_VIEW } from '../../src/order/order-view.ts'
import { OPEN_PORTION } from '../../src/order/partition/departure-store.ts'
import { ANNOUNCING, POSITIONS, UNACKNOWLEDGED, WANTED_TYPES } from '../../src/order/partition/order-store.ts'
import { PAYMENT } from '../../src/payment/payment.ts'
import { PAYMENT_VIEW, REFUND_VIEW } from '../../src/payment/payment-view.ts'
import { AUDIT_ENTRY } from '../../workers/order/edge/audit-log/audit-outbox.ts'
import { ACCEPTED_ORDERS } from '../../workers/order/external-orders.ts'

const TYPES = {
  ...{
    ACCEPTED_ORDERS,
    ADJUSTMENT,
    ANNOUNCING,
    AUDIT_ENTRY,
    COUNTS,
    D1_RESPONSE,
    OPEN_DEPARTURE,
    WEBHOOK_DELIVERY,
    DELIVERY_VIEW,
    FACT_EVENT,
    FEED_CONSUMER,
    OPEN_PORTION,
    POSITIONS,
    RESERVATION,
    UNACKNOWLEDGED,
  },
  ...{ ORDER, ORDER_VIEW, PAYMENT, PAYMENT_VIEW, REFUND_VIEW, RESPONSE_PART, STORED_CANCELLATION },
  BULK_RESEND_VIEW,
  ...{ STORED_LEVEL, SUBSCRIBED_TYPES, WANTED_TYPES, WEBHOOK, WEBHOOK_RESPONSE, WEBHOOK_VIEW },
} as Record<string, StoredType<object>>

const ROOT = join(import.meta.dirname, '../..')
const FOLDER = join(import.meta.dirname, 'stored')

const folderOf = ({ name }: StoredType<object>) => name.toLowerCase().replaceAll(' ', '-')

const goldenRows = (type: StoredType<object>, version: number): object[] =>
  JSON.parse(readFileSync(join(FOLDER, folderOf(type), `${version}.json`), 'utf8'))

const versions = Object.values(TYPES).flatMap((type) =>
  Array.from({ length: type.version }, (_, before) => ({ name: type.name, type, version: before + 1 })),
)

it('every type that is stored has golden rows for each of its versions, and no others', () => {
  const sources = globSync('{src,workers}/**/*.ts', { cwd: ROOT }).map((file) =>
    readFileSync(join(ROOT, file), 'utf8'),
  )
  const declared = sources.flatMap((text) => [
    ...text.matchAll(/^(?:export )?const (\w+) = (?:storedType|keptResponse)\(/gm),
  ])
  expect(declared.map(([, name]) => name).toSorted()).toEqual(Object.keys(TYPES).toSorted())
  const files = versions.map(({ type, version }) => `${folderOf(type)}/${version}.json`)
  expect(globSync('*/+([0-9]).json', { cwd: FOLDER }).toSorted()).toEqual(files.toSorted())
})

/** As today's code writes the row: with the mark of the oldest version that can read it. */
const markedAs = ({ mark }: StoredType<object>, row: object): object => {
  if (Array.isArray(row)) return row
  const { v: _, ...document } = row as { v?: number }
  return mark === 1 ? document : { v: mark, ...document }
}

describe.each(versions)('$name, version $version', ({ type, version }) => {
  const rows = goldenRows(type, version)

  it.each(rows.map((row) => ({ row, text: JSON.stringify(row) })))('is read: $text', ({ row, text }) => {
    const document = readStored(type, text)
    if (version === type.version) expect(JSON.parse(toStored(type, document))).toEqual(markedAs(type, row))
    else expect(type.schema.parse(document)).toEqual(document)
  })

  it('marks its rows, but for version 1', () => {
    const marks = rows.map((row) => ('v' in row ? row.v : 1))
    expect(marks).toEqual(rows.map(() => version))
  })
})

it.each(Object.values(TYPES))('the shape of $name changes only with its version', (type) => {
  const file = join(FOLDER, folderOf(type), `${type.version}.schema.json`)
  const shape = z.toJSONSchema(type.schema as z.ZodType, { io: 'input', unrepresentable: 'any' })
  const text = JSON.stringify(shape, withoutDocumentation, 2)
  if (!existsSync(file)) {
    writeFileSync(file, `${text}\n`)
    throw new Error(`${file} was missing, and is written now: commit it.`)
  }
  expect(JSON.parse(text)).toEqual(JSON.parse(readFileSync(file, 'utf8')))
})

/** Texts for readers of the API change nothing of what is stored. A field may have one of these names: it is no text. */
const withoutDocumentation = (name: string, value: unknown) =>
  DOCUMENTATION.has(name) && (typeof value === 'string' || Array.isArray(value)) ? undefined : value

const DOCUMENTATION = new Set(['$schema', 'id', 'description', 'examples'])
