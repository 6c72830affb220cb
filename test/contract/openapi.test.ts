import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { OpenAPIHono } from '@hono/zod-openapi'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { faults } from '../../src/cloudflare/faults/injected.ts'
import { API } from '../../src/contracts/http/api.ts'
import { getFaults, setFaults } from '../../src/contracts/http/drills.ts'
import type { Operation } from '../../src/contracts/http/operation.ts'
import { PROBLEMS } from '../../src/contracts/http/problem.ts'
import { STATIC_FILES } from '../../src/contracts/http/static-files.ts'
import { asyncApiDocument } from '../../src/documents/asyncapi.ts'
import { openApiDocument } from '../../src/documents/openapi.ts'
import { problemsOf } from '../../src/documents/openapi-problems.ts'
import { refusal } from '../../src/kernel/result.ts'
import type { Log } from '../../src/messaging/partition.ts'
import { createInventoryApp } from '../../workers/inventory/app.ts'
import { createOperationsApp } from '../../workers/operations/app.ts'
import { createOrderApp } from '../../workers/order/app.ts'
import { createCatalogue } from '../../workers/order/catalogue.ts'
import { createKeyRing } from '../../workers/order/edge/keys/key-ring.ts'
import { createPaymentApp } from '../../workers/payment/app.ts'

const ROOT = resolve(import.meta.dirname, '../..')

const OPERATIONS: Operation[] = Object.values(API).flat()

describe('the OpenAPI document', () => {
  it('is valid, examples included, in the eyes of redocly', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'edge-orders-openapi-'))
    const file = join(folder, 'openapi.json')
    await writeFile(file, JSON.stringify(openApiDocument(), null, 1))
    const { output, findings } = await lint(file).finally(() => rm(folder, { recursive: true }))
    expect(findings, output).toEqual([])
  })

  it('has every problem there is', () => {
    expect(new Set(OPERATIONS.flatMap(problemsOf))).toEqual(new Set(Object.keys(PROBLEMS)))
  })

  it('says of every call that may come with a body what can be wrong with one', () => {
    const ofBodies = ['malformed_json', 'request_timeout', 'payload_too_large', 'unsupported_media_type']
    const silent = OPERATIONS.filter(({ route }) => ['post', 'put', 'patch'].includes(route.method))
      .filter((call) => !ofBodies.every((code) => (problemsOf(call) as string[]).includes(code)))
      .map(({ route }) => route.operationId)
    expect(silent).toEqual([])
  })

  it('answers every call with a success, but `/`, which leads to the documents', () => {
    const never = OPERATIONS.filter(
      ({ route }) => !Object.keys(route.responses).some((status) => /^2/.test(status)),
    )
    expect(never.map(({ route }) => route.path)).toEqual(['/'])
  })

  it('names an absolute address, which programs need', () => {
    const { servers = [] } = openApiDocument()
    expect(servers.map(({ url }) => URL.canParse(url))).toEqual([true])
  })

  it('gives no example to what is optional: a page that tries calls out would send it', () => {
    const { components, paths } = plainDocument()
    const parameters = Object.values(paths).flatMap((item) =>
      Object.values(item).flatMap((call) => call.parameters ?? []),
    )
    const sent = [...parameters, ...Object.values(components.parameters)].filter(
      ({ required = false, example, examples, schema }) =>
        !required &&
        [example, examples, schema?.['example'], schema?.['examples']].some((each) => each !== undefined),
    )
    expect(sent).toEqual([])
  })

  it('describes each event that is posted to webhooks, with the headers that it comes with', () => {
    const { webhooks } = plainDocument()
    const posted = Object.keys(asyncApiDocument().channels.webhooks.messages).map(
      (name) => name.split('.')[0],
    )
    expect(Object.keys(webhooks).toSorted()).toEqual(posted.toSorted())
    for (const { post } of Object.values(webhooks)) {
      expect(post.parameters.map(({ $ref }) => $ref.split('/').at(-1))).toEqual([
        'webhook-id',
        'webhook-timestamp',
        'webhook-signature',
      ])
    }
  })

  it('names each call once', () => {
    const ids = OPERATIONS.map(({ route }) => route.operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe.each(OPERATIONS)('$route.operationId', ({ route }) => {
  it('says what it is for', () => {
    expect(route).toEqual(
      expect.objectContaining({ summary: expect.any(String), description: expect.any(String) }),
    )
  })

  it('shows a valid example of every body: give jsonBody and jsonResponse one', () => {
    const bodies = [route.request?.body, ...Object.values(route.responses)].filter(
      (body) => body !== undefined,
    )
    for (const body of bodies) {
      for (const { schema, example } of mediaOf(body)) {
        if (schema instanceof z.ZodType) schema.parse(example)
      }
    }
  })
})

const parameterSchema = z.looseObject({
  required: z.boolean().optional(),
  schema: z.looseObject({}).optional(),
})

/** The document as it is read. */
const plainDocument = () =>
  z
    .object({
      components: z.object({ parameters: z.record(z.string(), parameterSchema) }),
      paths: z.record(
        z.string(),
        z.record(z.string(), z.object({ parameters: z.array(parameterSchema).optional() })),
      ),
      webhooks: z.record(
        z.string(),
        z.object({ post: z.object({ parameters: z.array(z.object({ $ref: z.string() })) }) }),
      ),
    })
    .parse(JSON.parse(JSON.stringify(openApiDocument())))

type Media = { schema?: unknown; example?: unknown }

const mediaOf = (body: object): Media[] =>
  'content' in body ? Object.values(body.content as Record<string, Media>) : []

describe('the calls of the document are those that are answered', () => {
  const noLog: Log = () => undefined
  const apps = {
    order: createOrderApp(createCatalogue(Date.now), createKeyRing(Date.now), noLog),
    inventory: createInventoryApp(noLog),
    payment: createPaymentApp(noLog, () => {
      throw new Error('nothing is posted here')
    }),
    operations: createOperationsApp(
      noLog,
      () => async () => refusal({ kind: 'refused', detail: 'is not asked here' }),
    ),
  }
  /** Asked by the edge alone. */
  const inner = 'GET /readyz'
  /** Files are no calls of the API. */
  const files = STATIC_FILES.map((path) => `GET ${path}`)
  const callOf = ({ route }: Pick<Operation, 'route'>) => `${route.method.toUpperCase()} ${route.path}`
  /** Only the bundles of `npm start` have them. */
  const ofFaults = [getFaults, setFaults].map(callOf)
  const implementedBy = ({ openAPIRegistry }: Pick<OpenAPIHono, 'openAPIRegistry'>) =>
    openAPIRegistry.definitions.flatMap((definition) =>
      definition.type === 'route' ? [callOf(definition)] : [],
    )

  it('by the fault port of `npm start`', () => {
    expect(implementedBy(faults.routes()).toSorted()).toEqual(ofFaults)
  })

  it.each(Object.entries(apps))('by the %s Worker: each is implemented', (worker, app) => {
    const implemented = implementedBy(app)
    const documented = API[worker as keyof typeof API].map(callOf).filter((call) => !ofFaults.includes(call))
    expect(implemented.toSorted()).toEqual(documented.toSorted())
  })

  it.each(Object.entries(apps))('by the %s Worker: there is no other route', (_, app) => {
    const documented = [...OPERATIONS.map(callOf), inner, ...files]
    const routes = app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\.json|\{.*?\.json\})?/g, toTemplate)}`)
    expect(routes.filter((route) => !documented.includes(route))).toEqual([])
  })
})

/** Hono's `:name` → OpenAPI's `{name}`. */
const toTemplate = (_: string, name: string, ending: string | undefined): string =>
  ending === undefined ? `{${name}}` : `{${name}}.json`

const lint = async (file: string) => {
  const require = createRequire(import.meta.url)
  const program = require.resolve('@redocly/cli/bin/cli.js')
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [program, 'lint', file, '--config', join(ROOT, 'redocly.yaml'), '--format', 'json'],
    { env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } },
  ).catch((error: { stdout: string; stderr: string }) => error)
  const findings = reportSchema.parse(JSON.parse(stdout)).problems
  return { output: `${stdout}${stderr}`, findings }
}

const reportSchema = z.object({ problems: z.array(z.object({ ruleId: z.string(), message: z.string() })) })
