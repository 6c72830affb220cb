import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { createHttpClient, type HttpClient } from './http-client.ts'
import { createObservers, startReceiver } from './observers.ts'
import { processesBelow, processorTimeMs, residentBytes } from './processor-time.ts'
import type { Addresses } from './serve.ts'
import { BENCH_KEY } from './variants/bench-key.ts'
import type { BenchProduct, Variant } from './variants/variant.ts'

/** A real disk, which a commit has to reach. `/tmp` is memory on many machines. */
const STATE_PARENT = '/var/tmp'
/** Calls that set the shop up, at the same time. */
const SET_UP_CONCURRENCY = 16

/** A variant that is served by a process of its own. */
export type System = {
  variant: Variant
  /** Through miniflare's entry port, as a deployed Worker's requests pass a front line too. */
  client: HttpClient
  /** On a socket of the entry Worker's own. */
  directClient: HttpClient
  /** Of all processes of the system, without the load generator's, in ms so far. */
  processorTimeMs(): number
  residentBytes(): number
  /** Where the served system keeps its state. */
  stateFolder: string
  /** The ids of all processes of the system. */
  processes(): readonly number[]
  /** Fails where an observer of an observed variant has seen nothing. */
  checkObservers(): void
  /** Ends the system, lets its files be read, and deletes them. */
  stop(readState?: (stateFolder: string) => void): Promise<void>
}

/** Observers that look from the start to the end of a system. */
type Observed = { seen(): unknown; stop(): Promise<void> }

type Serving = {
  /** Where workerd's inspector listens. Without it there is none. */
  inspectorPort?: number
}

export const startSystem = async (
  variant: Variant,
  products: readonly BenchProduct[],
  { inspectorPort }: Serving = {},
): Promise<System> => {
  const stateFolder = mkdtempSync(`${STATE_PARENT}/edge-orders-bench-`)
  const receiver = variant.isObserved === true ? await startReceiver() : undefined
  const serveFile = resolve(import.meta.dirname, 'serve.ts')
  const served = spawn(
    process.execPath,
    [serveFile, variant.name, stateFolder, String(inspectorPort ?? ''), receiver?.url ?? ''],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const { pid } = served
  if (pid === undefined) throw new Error('The process that serves a variant could not be started.')
  const ended = once(served, 'exit')
  const line = await Promise.race([addressLine(createInterface(served.stdout)), ended])
  if (typeof line !== 'string') throw new Error(`${variant.name} ended before it served anything.`)
  served.stdout.resume()
  const addresses: Addresses = JSON.parse(line)
  const client = createHttpClient(addresses.entry, BENCH_KEY)
  const directClient = createHttpClient(addresses.direct, BENCH_KEY)
  let observed: Observed | undefined
  const system: System = {
    variant,
    client,
    directClient,
    processorTimeMs: () => processorTimeMs(pid),
    residentBytes: () => residentBytes(pid),
    stateFolder,
    processes: () => processesBelow(pid),
    checkObservers: () => void observed?.seen(),
    stop: async (readState) => {
      await observed?.stop()
      receiver?.close()
      client.close()
      directClient.close()
      served.kill()
      await ended
      try {
        readState?.(stateFolder)
      } finally {
        rmSync(stateFolder, { recursive: true, force: true })
      }
    },
  }
  try {
    await stockUp(system, products)
    if (receiver !== undefined) {
      const { seen, watch } = await createObservers(addresses.entry, receiver)
      observed = { seen, stop: watch() }
    }
  } catch (error) {
    await system.stop()
    throw error
  }
  return system
}

/** Wrangler may print lines of its own before, such as which file has the secrets. */
const addressLine = async (lines: AsyncIterable<string>): Promise<string | undefined> => {
  for await (const line of lines) if (line.startsWith('{')) return line
  return undefined
}

const stockUp = async ({ variant, client }: System, products: readonly BenchProduct[]): Promise<void> => {
  const perProduct = products.map((product) => variant.stock([product]))
  const workers = Array.from({ length: SET_UP_CONCURRENCY }, async () => {
    for (let calls = perProduct.pop(); calls !== undefined; calls = perProduct.pop()) {
      for (const { method, path, body } of calls) {
        const { status, body: problem } = await client.call(method, path, body)
        if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(problem)}`)
      }
    }
  })
  await Promise.all(workers)
}
