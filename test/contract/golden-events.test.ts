import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { EVENTS, type EventType } from '../../src/contracts/events.ts'
import { parseEvent } from '../../src/contracts/parse-event.ts'
import { eventVersions } from '../../src/documents/event-schemas.ts'

const FOLDER = join(import.meta.dirname, 'fixtures')

const golden = globSync('*/*.json', { cwd: FOLDER }).map((file) => {
  const [type = '', version = ''] = file.replace('.json', '').split('/')
  const text = readFileSync(join(FOLDER, file), 'utf8')
  return { type: type as EventType, version: Number(version), event: JSON.parse(text) as object }
})

it('there is one of every version that is published', () => {
  const names = (versions: readonly { type: string; version: number }[]) =>
    versions.map(({ type, version }) => `${type}/${version}.json`).toSorted()
  expect(names(golden)).toEqual(names(eventVersions()))
})

it.each(golden)('$type version $version is still read', ({ type, version, event }) => {
  const parsed = parseEvent(event, 'USD')
  expect(parsed).toMatchObject({ ok: true, value: { type, schemaversion: EVENTS[type].version } })
  if (version === EVENTS[type].version) expect(parsed).toEqual({ ok: true, value: event })
})

it('version 1 of OrderPlaced is read as version 2 of the same order, in the default currency', () => {
  const old = golden.find(({ type, version }) => type === 'OrderPlaced' && version === 1)
  expect(parseEvent(old?.event, 'EUR')).toMatchObject({
    ok: true,
    value: {
      id: '12345/OrderPlaced',
      subject: '12345',
      schemaversion: 2,
      time: '2023-10-05T12:00:00.000Z',
      data: { orderId: '12345', totalAmount: 150, currency: 'EUR' },
    },
  })
})
