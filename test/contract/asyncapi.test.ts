import { Parser } from '@asyncapi/parser'
import { describe, expect, it } from 'vitest'
import { EVENTS, type EventType } from '../../src/contracts/events.ts'
import { parseEvent } from '../../src/contracts/parse-event.ts'
import { SUBSCRIBERS } from '../../src/contracts/topology.ts'
import { asyncApiDocument } from '../../src/documents/asyncapi.ts'
import { eventSchemaDocument, eventVersions } from '../../src/documents/event-schemas.ts'

const TYPES = Object.keys(EVENTS) as EventType[]

describe('the AsyncAPI document', () => {
  const document = asyncApiDocument()

  it('is valid, examples included, in the eyes of the AsyncAPI parser', async () => {
    const { diagnostics } = await new Parser().parse(JSON.stringify(document))
    const findings = diagnostics.filter(({ code }) => code !== NEWER_VERSION_EXISTS)
    expect(findings).toEqual([])
  })

  it('has every event in the inbox of every subscriber', () => {
    const missing = TYPES.flatMap((type) =>
      SUBSCRIBERS[type]
        .filter((service) => !(`${type}.v${EVENTS[type].version}` in messagesOf(`${service}-inbox`)))
        .map((service) => `${type} for ${service}`),
    )
    expect(missing).toEqual([])
  })

  it('has a sender for each event that a service receives', () => {
    const operations: { action: string; messages: { $ref: string }[] }[] = Object.values(document.operations)
    const of = (action: string) =>
      operations
        .filter((operation) => operation.action === action)
        .flatMap(({ messages }) => messages.map(({ $ref }) => $ref))
        .filter(($ref) => !$ref.startsWith('#/channels/webhooks') && !$ref.endsWith('/OrderPlaced.v1'))
    expect(new Set(of('send'))).toEqual(new Set(of('receive')))
  })

  const messagesOf = (channel: string): object => {
    const channels: Record<string, { messages: object }> = document.channels
    return channels[channel]?.messages ?? {}
  }
})

describe.each(eventVersions())('$type, version $version', ({ type, version, schema, example }) => {
  it('has an example that its schema and every consumer can read', () => {
    schema.parse(example)
    expect(parseEvent(example, 'USD')).toMatchObject({ ok: true, value: { type } })
  })

  it('has a JSON Schema of its own', () => {
    expect(eventSchemaDocument(type, String(version))).toMatchObject({
      $id: `/schemas/${type}/${version}.json`,
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      examples: [example],
    })
  })
})

it.each([
  ['OrderPlaced', '3'],
  ['OrderPlaced', '0'],
  ['OrderPlaced', 'x'],
  ['Nothing', '1'],
  ['toString', '1'],
])('there is no schema of %s, version %s', (type, version) => {
  expect(eventSchemaDocument(type, version)).toBeUndefined()
})

/** AsyncAPI 3.1 has nothing that these documents could say. */
const NEWER_VERSION_EXISTS = 'asyncapi-latest-version'
