import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { membersOf, signal } from '../support/processes.ts'
import { freePort, readDevelopmentKey } from '../support/running-system.ts'

const START = resolve(import.meta.dirname, '../../scripts/start.mjs')

/** Paths that the pinned wrangler and its runtime serve themselves by default. */
const RUNTIME_PATHS = [
  '/__scheduled',
  '/cdn-cgi/local/scheduled',
  '/cdn-cgi/handler/scheduled',
  '/cdn-cgi/mf/scheduled',
  '/cdn-cgi/local/email?from=a@example.com&to=b@example.com',
  '/cdn-cgi/handler/email?from=a@example.com&to=b@example.com',
  '/cdn-cgi/handler/queue',
  '/cdn-cgi/local/explorer',
  '/cdn-cgi/local/explorer/api/d1/database',
  '/cdn-cgi/explorer',
  '/cdn-cgi/explorer/api/d1/database',
  '/cdn-cgi/local/r2/public',
  '/cdn-cgi/local/r2/s3',
  '/cdn-cgi/mf/stream',
  '/cdn-cgi/mf/imagedelivery',
  '/cdn-cgi/mf/reload',
  '/cdn-cgi/live-reload',
  '/cdn-cgi/ProxyWorker/play',
  '/cdn-cgi/InspectorProxyWorker/websocket',
  '/__cf_local/stream',
  '/__cf_local/imagedelivery',
  '/__cf_local/imageupload',
]

const groups: number[] = []
const folders: string[] = []

afterAll(async () => {
  await Promise.all(groups.splice(0).map(endGroup))
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

describe('the port of npm start', () => {
  let ask: ReturnType<typeof askAt>
  let said: () => string

  beforeAll(async () => {
    ;({ ask, said } = await start())
  }, 120_000)

  it("answers the runtime's own paths as the order Worker does, with and without a key", async () => {
    const key = { authorization: `Bearer ${readDevelopmentKey()}` }
    const answers = await Promise.all(
      RUNTIME_PATHS.flatMap((path) => [
        ask(path),
        ask(path, { method: 'POST' }),
        ask(path, { headers: key }),
      ]),
    )
    const kinds = new Set(answers.map(({ status, code }) => `${status} ${code}`))
    expect(kinds, JSON.stringify(answers, null, 2)).toEqual(new Set(['401 unauthorized', '404 not_found']))
    expect(said()).not.toContain('Scheduled Workers')
  })

  it('opens the proxy of the runtime only to callers with its secret', async () => {
    const path = '/cdn-cgi/local/platform-proxy'
    const operation = { 'mf-op': 'GET', 'mf-op-target': '[0]', 'mf-op-secret': '00' }
    expect((await ask(path)).status).toBe(400)
    expect((await ask(path, { headers: operation })).status).toBe(401)
  })

  it('leads to no inner Worker, whatever a header asks for', async () => {
    for (const worker of ['edge-orders-inventory', 'edge-orders-payment', 'edge-orders-operations']) {
      expect((await ask('/payments', { headers: { 'mf-route-override': worker } })).status).toBe(404)
    }
  })

  it('has the explorer and the handlers where the developer switches them on', async () => {
    const { ask: askOpen } = await start({ X_LOCAL_EXPLORER: 'true' })
    expect((await askOpen('/cdn-cgi/local/explorer/api/d1/database')).status).toBe(200)
    expect((await askOpen('/cdn-cgi/local/scheduled')).status).toBe(200)
  })
})

type Sent = { method?: string; headers?: Record<string, string> }

/** Asks as a proxy does that passes `Host: localhost`, which the runtime trusts. */
const askAt =
  (port: number) =>
  async (path: string, { method = 'GET', headers = {} }: Sent = {}) => {
    const sent = request({ port, path, method, headers: { host: 'localhost', ...headers } })
    sent.end()
    const [answer] = await once(sent, 'response')
    let text = ''
    for await (const chunk of answer) text += chunk
    const isProblem = answer.headers['content-type'] === 'application/problem+json'
    return { path, status: answer.statusCode as number, code: isProblem ? JSON.parse(text).code : text }
  }

const start = async (environment: Record<string, string> = {}) => {
  const [port, folder] = [await freePort(), mkdtempSync(join(tmpdir(), 'edge-orders-local-'))]
  folders.push(folder)
  const child = spawn(process.execPath, [START], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PORT: String(port), STATE_DIR: folder, ...environment },
  })
  groups.push(child.pid ?? 0)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  while (!output.includes('edge-orders ready')) {
    if (child.exitCode !== null) throw new Error(output)
    await sleep(50)
  }
  return { ask: askAt(port), said: () => output }
}

const endGroup = async (group: number): Promise<void> => {
  while (membersOf(group).length > 0) {
    signal(-group, 'SIGKILL')
    await sleep(20)
  }
}
