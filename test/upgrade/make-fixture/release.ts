import { spawn } from 'node:child_process'
import { appendFileSync, copyFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { STORAGE_KEY } from '../../simulation/system/storage-key.ts'
import { freePort } from '../../support/running-system.ts'

const READY_WITHIN_MS = 180_000
const KEY = 'dev-admin-key'

/** The whole system of a release, started from its checkout, with two addresses for its webhooks. */
export const startRelease = async (checkout: string, stateDir: string) => {
  for (const folder of ['.', 'workers/operations']) {
    const file = join(checkout, folder, '.dev.vars')
    copyFileSync(`${file}.example`, file)
    // The simulation opens with it what the release has sealed.
    appendFileSync(file, `\nSTORAGE_KEY=${STORAGE_KEY}\n`)
  }
  const port = await freePort()
  const receiver = await startReceiver()
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    cwd: checkout,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PORT: String(port), STATE_DIR: stateDir, npm_lifecycle_event: 'start' },
  })
  let killedAt = 0
  await new Promise<void>((ready, fail) => {
    child.stdout.on('data', (text) => String(text).includes('ready on') && ready())
    child.once('exit', (code) => fail(new Error(`The release ended with code ${code}.`)))
    setTimeout(() => fail(new Error('The release is not ready in time.')), READY_WITHIN_MS).unref()
  })
  return {
    stateDir,
    receiver: receiver.address,
    call: async (method: string, path: string, body?: unknown) => {
      const response = await fetch(`http://localhost:${port}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${KEY}`,
          'content-type': path === '/events' ? 'application/cloudevents+json' : 'application/json',
          'idempotency-key': `fixture-${crypto.randomUUID()}`,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const answer = (await response.json()) as Record<string, unknown>
      if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`)
      return answer
    },
    /** Of the process group that it leads: wrangler and workerd end with it, in the middle of what they do. */
    kill: async () => {
      if (killedAt > 0 || child.pid === undefined) return
      killedAt = Date.now()
      const gone = new Promise((resolve) => child.once('exit', resolve))
      process.kill(-child.pid, 'SIGKILL')
      await gone
      receiver.close()
    },
    killedAt: () => killedAt,
  }
}

export type Release = Awaited<ReturnType<typeof startRelease>>

/** `/taken` takes everything, every other path refuses it. */
const startReceiver = async () => {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(request.url === '/taken' ? 204 : 500).end()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return { address: `http://localhost:${port}`, close: () => server.closeAllConnections() ?? server.close() }
}
