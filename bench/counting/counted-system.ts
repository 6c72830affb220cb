import { mkdtempSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createHttpClient } from '../http-client.ts'
import { startMiniflare } from '../miniflare.ts'
import { createObservers, startReceiver } from '../observers.ts'
import { BENCH_KEY } from '../variants/bench-key.ts'
import type { BenchProduct, Variant } from '../variants/variant.ts'
import { COUNTS_PATH, type Count, difference, merged } from './counts.ts'

const STATE_PARENT = '/var/tmp'
/** Lists are written two to three seconds after an order was placed. After so long nothing of it is left to do. */
const REST_MS = 3_500
const LOOK_AGAIN_MS = 250
/** A system that is busy for so long after its last order is broken. */
const REST_MS_MAX = 60_000

/** A variant in this process whose Workers count what Cloudflare would bill. Its times mean nothing. */
export const startCountedSystem = async (variant: Variant, products: readonly BenchProduct[]) => {
  const stateFolder = mkdtempSync(`${STATE_PARENT}/edge-orders-counted-`)
  const receiver = variant.isObserved === true ? await startReceiver() : undefined
  const workers = variant.workers(receiver?.url)
  const miniflare = await startMiniflare(workers, { stateFolder, isCounted: true })
  const client = createHttpClient((await miniflare.ready).href, BENCH_KEY)
  for (const { method, path, body } of variant.stock(products)) {
    const response = await client.call(method, path, body)
    if (response.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(response.body)}`)
  }

  const observers = receiver && (await createObservers((await miniflare.ready).href, receiver))

  const readCounts = async (): Promise<Count[]> => {
    const perWorker = workers.map(async ({ name }) => {
      const worker = await miniflare.getWorker(name)
      const response = await worker.fetch(`http://${name}${COUNTS_PATH}`)
      return (await response.json()) as Count[]
    })
    return merged((await Promise.all(perWorker)).flat())
  }

  /** Reads wake no work. So after the first rest the system rests between two counts. */
  let isAtRest = false

  /** Until the system has counted nothing new for a while. */
  const rest = async (): Promise<Count[]> => {
    const giveUpAt = Date.now() + REST_MS_MAX
    let counts = await readCounts()
    for (let quietSince = Date.now(); Date.now() - quietSince < REST_MS; ) {
      if (Date.now() > giveUpAt) throw new Error('The system does not come to rest.')
      await sleep(LOOK_AGAIN_MS)
      const now = await readCounts()
      if (difference(now, counts).length > 0) quietSince = Date.now()
      counts = now
    }
    return counts
  }

  return {
    client,
    miniflare,
    products,
    /** What the system does because of some work, until it rests again. Observers look while the work is done. */
    countsOf: async (
      work: () => Promise<unknown>,
      { isObserved = true }: { isObserved?: boolean } = {},
    ): Promise<Count[]> => {
      if (!isAtRest) await rest()
      const before = await readCounts()
      const stopObserving = isObserved ? observers?.watch() : undefined
      await work()
      await stopObserving?.()
      isAtRest = true
      return difference(await rest(), before)
    },
    /** Fails where an observer of an observed variant has seen nothing. */
    checkObservers: (): void => void observers?.seen(),
    stop: async (): Promise<void> => {
      client.close()
      receiver?.close()
      await miniflare.dispose()
      rmSync(stateFolder, { recursive: true, force: true })
    },
  }
}

export type CountedSystem = Awaited<ReturnType<typeof startCountedSystem>>
