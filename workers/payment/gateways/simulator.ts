import { coalesce } from '../../../src/messaging/coalesce.ts'
import {
  BANK_TIMEOUT_MS,
  type Bank,
  type BankCall,
  type BankRecord,
  type BankResult,
} from '../../../src/payment/bank.ts'
import type { Books, SimulatedResult } from './simulated-bank.ts'

/** The branch of the simulated bank that has the books of an order. */
export type Branch = {
  perform(calls: readonly BankCall[]): Promise<SimulatedResult[]>
  books(orderId: string): Promise<Books>
  setOutage(outage: { isDown: boolean }): Promise<void>
}

/** As much of a branch as the port needs. */
type BankBranch = Pick<Branch, 'perform'> & {
  books(orderId: string): Promise<{ entries: readonly BankRecord[]; isDown?: boolean }>
}

type Ports = {
  /** Orders with the same label have the same branch. */
  branchOf(orderId: string): { label: string; branch: BankBranch }
  sleep(ms: number): Promise<void>
}

/** The bank port over the simulated bank: calls that are made together reach a branch as one call. */
export const createSimulator = ({ branchOf, sleep }: Ports): Bank => {
  const lines = new Map<string, (call: BankCall) => Promise<SimulatedResult>>()
  const lineTo = (orderId: string) => {
    const { label, branch } = branchOf(orderId)
    const line = lines.get(label) ?? coalesce((calls: readonly BankCall[]) => branch.perform(calls))
    lines.set(label, line)
    return line
  }
  return {
    perform: async (call): Promise<BankResult> => {
      try {
        const { answer, delayMs, isLost } = await lineTo(call.orderId)(call)
        await sleep(isLost ? BANK_TIMEOUT_MS : delayMs)
        return isLost ? { kind: 'unknown', detail: `no answer within ${BANK_TIMEOUT_MS} ms` } : answer
      } catch (error) {
        return { kind: 'unknown', detail: String(error) }
      }
    },
    lookUp: async ({ orderId }) => {
      try {
        const { entries, isDown } = await branchOf(orderId).branch.books(orderId)
        if (isDown) return { kind: 'unknown', detail: 'The bank is down.' }
        return { kind: 'found', records: entries }
      } catch (error) {
        return { kind: 'unknown', detail: String(error) }
      }
    },
  }
}
