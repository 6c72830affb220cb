import { createChance } from '../crash/chance.ts'
import { inParallel } from '../support/parallel.ts'
import { callOf, type DocumentedCall, readDocument } from './document.ts'
import { createKnown } from './known.ts'
import { type FuzzRequest, type Keys, requestOf } from './requests.ts'
import { createSamples } from './samples.ts'
import { asCurl, createSender } from './send.ts'
import { createJudge, type Fault } from './verdict.ts'

/** Enough that requests run at the same time in the partitions. */
const SENDERS = 16
/** One cause appears often. A few examples of each are enough to find it. */
const SHOWN_PER_CAUSE = 2
const SHOWN_MAX = 40
const PROGRESS_EVERY = 5_000

type Options = {
  address: string
  requests: number
  seed: number
  keys: Keys
  print(line: string): void
}

/** Sends this many requests to the calls of the served document, the same number to each, and counts the faults. */
export const fuzz = async ({ address, requests, seed, keys, print }: Options) => {
  const sender = createSender(address, SENDERS)
  const open = await sender.send({ method: 'GET', path: '/openapi.json', headers: {} })
  const document = readDocument(JSON.parse(open.body))
  const known = createKnown()
  const samples = createSamples(document, seed)
  const judge = createJudge(document)
  const tally = createTally(print)

  const one = async (index: number): Promise<void> => {
    const call = document.calls[index % document.calls.length]
    if (call === undefined) throw new Error('the document has no calls')
    const request = requestOf(call, { samples, known, keys }, createChance(seed, String(index)))
    const command = () => `request ${index} of seed ${seed}: ${asCurl(address, request)}`
    try {
      const response = await sender.send(request)
      tally.add(call, response.status, judge(request, response), command)
      if (response.status < 300) learn(call, request, response.body)
    } catch (error) {
      // A broken connection means that no response came.
      tally.add(call, 0, [{ kind: 'unexpected 5xx', detail: `no response: ${error}` }], command)
    }
    if ((index + 1) % PROGRESS_EVERY === 0) print(`${index + 1} requests, ${tally.faults()} faults`)
  }
  const learn = (call: DocumentedCall, { method, path }: FuzzRequest, body: string): void => {
    if (method === 'HEAD' || callOf(document.calls, method, path) !== call || !body.startsWith('{')) return
    known.learn(call, JSON.parse(body))
  }

  await inParallel(Array.from({ length: requests }).keys(), SENDERS, one)
  sender.close()
  return { operations: document.calls.length, ...tally.result() }
}

const createTally = (print: (line: string) => void) => {
  const byCall = new Map<string, Map<number, number>>()
  const byKind = new Map<Fault['kind'], number>()
  const shown = new Map<string, number>()

  const show = ({ kind, detail }: Fault, call: DocumentedCall, command: () => string): void => {
    const cause = `${kind} ${call.id} ${detail.replaceAll(/[0-9a-f]{8,}|\d+/g, '#').slice(0, 120)}`
    const times = (shown.get(cause) ?? 0) + 1
    shown.set(cause, times)
    if (times > SHOWN_PER_CAUSE || shown.size > SHOWN_MAX) return
    print(`\n${kind} of ${call.id}: ${detail}\n  ${command()}\n`)
  }

  return {
    add: (call: DocumentedCall, status: number, faults: readonly Fault[], command: () => string): void => {
      const statuses = byCall.get(call.id) ?? new Map<number, number>()
      byCall.set(call.id, statuses)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      for (const fault of faults) {
        byKind.set(fault.kind, (byKind.get(fault.kind) ?? 0) + 1)
        show(fault, call, command)
      }
    },
    faults: (): number => [...byKind.values()].reduce((sum, count) => sum + count, 0),
    result: () => ({
      byCall,
      overload: byKind.get('overload') ?? 0,
      unexpected: byKind.get('unexpected 5xx') ?? 0,
      mismatches: byKind.get('schema mismatch') ?? 0,
      leaks: byKind.get('leak') ?? 0,
    }),
  }
}
