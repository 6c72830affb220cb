import type { BankCall, BankRecord } from '../../../src/payment/bank.ts'
import type { SimulatedResult } from '../../../workers/payment/gateways/simulated-bank.ts'
import { latencyMs, type Outlet, type Platform } from './platform.ts'
import type { Actor } from './scheduler.ts'

/** The bank behind the network: the project's own simulator in its object, or a hostile one. */
export type BankCore = {
  perform(calls: readonly BankCall[]): Promise<SimulatedResult[]>
  books(orderId: string): Promise<{ entries: readonly BankRecord[] }>
}

/** The keys of calls that the bank is still busy with. It does not reply to a repetition of such a call. */
export type BusyKeys = Set<string>

/** A bank does a call at most this late. A call that is under way for longer is lost. */
const LATE_MS_MAX = 90_000

const NO_RESULT: SimulatedResult = { answer: { kind: 'unknown', detail: '' }, delayMs: 0, isLost: true }

/** The network before the bank. Calls get lost on their way to the bank or back, and some take far too long. */
export const createBankConnection = (
  platform: Platform,
  { cloud, busy, outlet }: { cloud: Actor; busy: BusyKeys; outlet: Outlet },
  coreFor: (caller: Actor) => BankCore,
): BankCore => {
  const core = coreFor(outlet.actor)
  const { scheduler, faults } = platform
  const random = platform.stream('bank network')

  const performOne = async (call: BankCall): Promise<SimulatedResult> => {
    const isLate = faults.hits('bankAnswersLate')
    const isLostBefore = faults.hits('bankTimesOutBefore')
    const isLostAfter = faults.hits('bankTimesOutAfter')
    if (isLostBefore || busy.has(call.idempotencyKey)) return NO_RESULT
    if (!isLate) {
      const [result = NO_RESULT] = await core.perform([call])
      return isLostAfter ? { ...result, isLost: true } : result
    }
    busy.add(call.idempotencyKey)
    const sentAt = scheduler.now
    scheduler.after(random.between(6_000, LATE_MS_MAX), cloud, () => {
      if (scheduler.now > sentAt + LATE_MS_MAX) return void busy.delete(call.idempotencyKey)
      const isDone = () => busy.delete(call.idempotencyKey)
      void coreFor(cloud).perform([call]).then(isDone, isDone)
    })
    return NO_RESULT
  }

  const later = <Value>(work: () => Promise<Value>): Promise<Value> =>
    new Promise((resolve, reject) => {
      const reply = (settle: () => void) => scheduler.resume(latencyMs(random), outlet.actor, settle)
      scheduler.resume(latencyMs(random), outlet.actor, () => {
        void work().then(
          (value) => reply(() => resolve(value)),
          (error) => reply(() => reject(error)),
        )
      })
    })

  return {
    perform: (calls) => later(() => Promise.all(calls.map(performOne))),
    books: (orderId) =>
      later(async () => {
        if (faults.hits('bankLookUpFails')) throw new Error('the bank cannot look it up')
        return await core.books(orderId)
      }),
  }
}
