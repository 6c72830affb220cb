import type { BankCall, BankRecord } from '../../../src/payment/bank.ts'
import type { SimulatedAnswer } from '../../../workers/payment/gateways/simulated-bank.ts'
import { latencyMs, type Outlet, type Platform } from './platform.ts'
import type { Actor } from './scheduler.ts'

/** The bank behind the network: the project's own simulator in its object, or one that is hostile. */
export type BankCore = {
  perform(calls: readonly BankCall[]): Promise<SimulatedAnswer[]>
  books(orderId: string): Promise<{ entries: readonly BankRecord[] }>
}

/** Calls that the bank is still busy with: asked again meanwhile, it does not answer. */
export type BusyKeys = Set<string>

/** A bank does a call this late at most: one that lies for longer is lost. */
const LATE_MS_MAX = 90_000

const NOTHING_SAID: SimulatedAnswer = { answer: { kind: 'unknown', detail: '' }, delayMs: 0, isLost: true }

/** The way to the bank: calls get lost before it or behind it, and some take far too long. */
export const createBankConnection = (
  platform: Platform,
  { cloud, busy, outlet }: { cloud: Actor; busy: BusyKeys; outlet: Outlet },
  coreFor: (caller: Actor) => BankCore,
): BankCore => {
  const core = coreFor(outlet.actor)
  const { scheduler, faults } = platform
  const random = platform.stream('bank network')

  const performOne = async (call: BankCall): Promise<SimulatedAnswer> => {
    const isLate = faults.hits('bankAnswersLate')
    const isLostBefore = faults.hits('bankTimesOutBefore')
    const isLostAfter = faults.hits('bankTimesOutAfter')
    if (isLostBefore || busy.has(call.idempotencyKey)) return NOTHING_SAID
    if (!isLate) {
      const [said = NOTHING_SAID] = await core.perform([call])
      return isLostAfter ? { ...said, isLost: true } : said
    }
    busy.add(call.idempotencyKey)
    const sentAt = scheduler.now
    scheduler.after(random.between(6_000, LATE_MS_MAX), cloud, () => {
      if (scheduler.now > sentAt + LATE_MS_MAX) return void busy.delete(call.idempotencyKey)
      const isDone = () => busy.delete(call.idempotencyKey)
      void coreFor(cloud).perform([call]).then(isDone, isDone)
    })
    return NOTHING_SAID
  }

  const later = <Value>(work: () => Promise<Value>): Promise<Value> =>
    new Promise((resolve, reject) => {
      const answer = (settle: () => void) => scheduler.resume(latencyMs(random), outlet.actor, settle)
      scheduler.resume(latencyMs(random), outlet.actor, () => {
        void work().then(
          (value) => answer(() => resolve(value)),
          (error) => answer(() => reject(error)),
        )
      })
    })

  return {
    perform: (calls) => later(() => Promise.all(calls.map(performOne))),
    books: (orderId) =>
      later(async () => {
        if (faults.hits('bankLookUpFails')) throw new Error('the bank cannot say')
        return await core.books(orderId)
      }),
  }
}
