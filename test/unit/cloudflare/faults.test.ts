import { describe, expect, it } from 'vitest'
import { createFaults } from '../../../src/cloudflare/faults/injected.ts'
import { faults as none } from '../../../src/cloudflare/faults/none.ts'
import type { FaultPort } from '../../../src/cloudflare/faults/port.ts'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import type { QueueMessage } from '../../../src/messaging/consume.ts'

const worldWith = async (wanted?: object) => {
  const slept: number[] = []
  let onSleep = async () => {}
  const faults = createFaults({
    sleep: async (ms) => {
      slept.push(ms)
      await onSleep()
    },
  })
  const app = createApp(() => undefined).route('/', faults.routes())
  const set = async (body: object) => {
    const headers = { 'content-type': 'application/json' }
    const request = { method: 'POST', headers, body: JSON.stringify(body) }
    return await (await app.request('/simulator/faults', request)).json()
  }
  const read = async () => await (await app.request('/simulator/faults')).json()
  if (wanted !== undefined) await set(wanted)
  const whileSleeping = (work: () => Promise<void>) => {
    onSleep = work
  }
  return { faults, slept, set, read, whileSleeping }
}

const sentBy = async (faults: FaultPort) => {
  const batches: unknown[] = []
  const sendBatch = async (messages: Iterable<unknown>) => void batches.push([...messages])
  const inbox = { sendBatch } as unknown as Queue
  await faults.outbox(inbox).sendBatch([{ body: 'one' }, { body: 'two' }])
  return batches
}

/** What became of one message that the consumer of payment acknowledges. */
const consumedBy = async (faults: FaultPort) => {
  const seen: string[] = []
  const message: QueueMessage = {
    ...{ body: 'one', attempts: 1, sentAt: 0 },
    ack: () => void seen.push('acknowledged'),
    retry: () => void seen.push('retried'),
  }
  const ending = await faults
    .consume('payment', [message], async ([one]) => {
      seen.push('handled')
      one?.ack()
    })
    .catch((error: Error) => error.message)
  return { seen, ending }
}

const BATCH = [{ body: 'one' }, { body: 'two' }]

describe('faults that are set', () => {
  it('send every batch twice, and later', async () => {
    const { faults } = await worldWith({ duplicates: true, delaySeconds: 3 })
    const late = BATCH.map((message) => ({ ...message, delaySeconds: 3 }))
    expect(await sentBy(faults)).toEqual([late, late])
  })

  it('crash a consumer once: after its work, and before the platform hears of it', async () => {
    const { faults, read } = await worldWith({ crashing: ['payment', 'order'] })
    const crashed = await consumedBy(faults)
    expect(crashed).toEqual({ seen: ['handled'], ending: expect.stringContaining('payment crashed') })
    expect(await read()).toMatchObject({ crashing: ['order'] })
    expect((await consumedBy(faults)).seen).toEqual(['handled', 'acknowledged'])
  })

  it('stop a consumer until it is no longer named', async () => {
    const world = await worldWith({ stopped: ['payment'] })
    const before: number[] = []
    world.whileSleeping(async () => {
      before.push(world.slept.length)
      if (before.length === 2) await world.set({ stopped: ['order'] })
    })
    expect((await consumedBy(world.faults)).seen).toEqual(['handled', 'acknowledged'])
    expect(before).toEqual([1, 2])
  })

  it('let the bank fail without a call, or respond late', async () => {
    const { faults, set, slept } = await worldWith({ bank: 'failing' })
    let calls = 0
    const call = async () => {
      calls += 1
      return { kind: 'succeeded' }
    }
    expect(await faults.callBank(call)).toMatchObject({ kind: 'error' })
    expect(calls).toBe(0)
    await set({ bank: 'slow' })
    expect(await faults.callBank(call)).toEqual({ kind: 'succeeded' })
    expect([calls, slept]).toEqual([1, [3_000]])
  })
})

describe('no faults', () => {
  it.each([
    ['in a deployment', async () => none],
    ['in a demo that has set none', async () => (await worldWith()).faults],
  ])('change nothing %s', async (_, portOf) => {
    const port = await portOf()
    expect(await sentBy(port)).toEqual([BATCH])
    expect(await consumedBy(port)).toEqual({ seen: ['handled', 'acknowledged'], ending: undefined })
    expect(await port.callBank(async () => 'done')).toBe('done')
  })

  it('have no address in a deployment', async () => {
    const app = createApp(() => undefined).route('/', none.routes())
    expect((await app.request('/simulator/faults')).status).toBe(404)
  })
})
