import { setTimeout as sleep } from 'node:timers/promises'
import { createNumbers, sendBurst } from '../../bench/load.ts'
import type { Mix } from '../../bench/mixes.ts'
import { readSettled } from '../../bench/settled.ts'
import { startSystem } from '../../bench/system.ts'
import type { Variant } from '../../bench/variants/variant.ts'
import { VARIANTS } from '../../bench/variants/variants.ts'
import { freePort } from '../support/running-system.ts'
import { heapsOf } from './heaps.ts'

/** `floor` does the same hops without any of our code, so what it holds is the emulator's. */
const COMPARED = ['floor', 'ours']
const ROUNDS = 6
const CONCURRENCY = 32
const REST_MS = 5_000
const SHOWN = 6
const PRODUCTS = 20

const mix: Mix = {
  name: 'memory',
  products: Array.from({ length: PRODUCTS }, (_, index) => ({
    productId: `m-${index}`,
    quantity: 10_000_000,
  })),
  submission: (number) => ({
    body: {
      items: [{ productId: `m-${number % PRODUCTS}`, quantity: 1 }],
      payment: { token: 'pm_card_visa' },
    },
    key: `m-${number}`,
  }),
}

/** What the system holds in memory after `count` orders in six rounds, isolate by isolate, beside a system without our code. */
export const weighMemory = async ({ count }: { count: number }): Promise<void> => {
  for (const name of COMPARED) {
    const variant = VARIANTS.find((each) => each.name === name)
    if (variant !== undefined) await weigh(variant, Math.ceil(count / ROUNDS))
  }
}

const weigh = async (variant: Variant, orders: number): Promise<void> => {
  const inspectorPort = await freePort()
  const system = await startSystem(variant, mix.products, { inspectorPort })
  const numbers = createNumbers()
  try {
    for (let round = 0; round <= ROUNDS; round += 1) {
      const heaps = await heapsOf(inspectorPort)
      const sum = (of: 'used' | 'total') => megabytes(heaps.reduce((bytes, heap) => bytes + heap[of], 0))
      console.log(
        `${variant.name}, after ${round * orders} orders: ${megabytes(system.residentBytes())} MB resident, heaps ${sum('used')} of ${sum('total')} MB`,
      )
      for (const { isolate, used, total } of heaps.slice(0, SHOWN))
        console.log(`  ${isolate}: ${megabytes(used)} of ${megabytes(total)} MB`)
      if (round === ROUNDS) return
      await readSettled(
        system.client,
        await sendBurst({ client: system.client, mix, numbers }, { count: orders, concurrency: CONCURRENCY }),
      )
      await sleep(REST_MS)
    }
  } finally {
    await system.stop()
  }
}

const megabytes = (bytes: number): number => Math.round(bytes / 2 ** 20)
