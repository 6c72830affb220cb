import type { Intent, Ledger } from './ledger.ts'
import type { Sender } from './sender.ts'

/** A client without responses stops sending before it runs out of sockets. */
const UNDER_WAY_MAX = 64
/** Of all kinds together, in one run. */
const REQUESTS_MAX = 100_000
/** After a request without a response: the client probes during an outage, and does not flood. */
const PAUSE_MS = 300

export type LoadPorts = { sender: Sender; ledger: Ledger; next: () => Intent; perSecond: number }

/** A steady load that does not wait for responses. */
export const createLoad = ({ sender, ledger, next, perSecond }: LoadPorts) => {
  let timer: NodeJS.Timeout | undefined
  let underWay = 0
  let offered = 0
  let resumesAt = 0

  const offer = async () => {
    if (underWay >= UNDER_WAY_MAX || offered >= REQUESTS_MAX || Date.now() < resumesAt) return
    underWay += 1
    offered += 1
    const entry = ledger.intend(next())
    await sender.send(entry)
    if (entry.response === undefined) resumesAt = Date.now() + PAUSE_MS
    underWay -= 1
  }

  return {
    start: () => {
      timer ??= setInterval(() => void offer(), 1_000 / perSecond)
    },
    /** Resolves once no sent request is still waiting. */
    stop: async () => {
      clearInterval(timer)
      timer = undefined
      while (underWay > 0) await new Promise((resolve) => setTimeout(resolve, 50))
    },
  }
}

export type Load = ReturnType<typeof createLoad>
