import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { API } from '../../../src/contracts/http/api.ts'

const COMMANDS = resolve(import.meta.dirname, '../../../scripts/ops')

const source = readdirSync(COMMANDS)
  .map((file) => readFileSync(resolve(COMMANDS, file), 'utf8'))
  .join('\n')

/** The calls that no command makes, and why. */
const WITHOUT_COMMAND: Readonly<Record<string, string>> = {
  'GET /healthz': 'for load balancers; `health` asks more',
  'GET /': 'for browsers',
  'GET /docs': 'for browsers',
  'GET /docs/events': 'for browsers',
  'GET /openapi.json': 'for tools that read documents',
  'GET /asyncapi.json': 'for tools that read documents',
  'GET /schemas/{type}/{version}.json': 'for tools that read documents',
  'POST /orders': 'shops place orders; `events publish` does it from a file',
  'GET /orders/{orderId}': '`orders get` reads the story, which has the order',
  'GET /orders/{orderId}/events': '`orders watch` follows it with the client',
  'GET /feed/orders': 'for programs: a feed has no end',
  'GET /feed/products': 'for programs: a feed has no end',
  'POST /feed/consumers/{name}/lease': 'for programs that consume the feed',
  'POST /feed/consumers/{name}/commit': 'for programs that consume the feed',
  'POST /gateways/stripe/events': 'for Stripe',
  'GET /metrics': 'for Prometheus',
  'GET /simulator/payments/{orderId}': '`orders get` has what the bank did',
  'POST /simulator/outage': '`faults set --bank failing` is the drill of an operator',
  'POST /dead-letters/{id}/redrive': '`dead-letters redrive` sends ids in one call',
}

const nameOf = ({ method, path }: { method: string; path: string }) => `${method.toUpperCase()} ${path}`

const calls = Object.values(API)
  .flat()
  .map(({ route }) => route)

/** The three lists are named apart from the call. */
const isMade = ({ method, path }: { method: string; path: string }): boolean =>
  source.includes(`${method.toUpperCase()}('${path}'`) || source.includes(`rebuild('${path}'`)

it('every call of the API has a command of npm run ops, or a reason why it has none', () => {
  const missing = calls.filter((call) => !isMade(call)).map(nameOf)
  expect(missing.toSorted()).toEqual(Object.keys(WITHOUT_COMMAND).toSorted())
})
