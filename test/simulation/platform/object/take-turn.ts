import { failStart, start } from './life.ts'
import type { Memory, ObjectCore, Reply } from './memory.ts'
import { RESET, type Turn } from './turn.ts'

const NOTHING_REMAINS = 'nothing of a turn that failed is seen, kept or sent'

type Call<Instance, Value> = {
  turn: Turn
  run(instance: Instance): Value
  done(value: Value): void
  fail(error: Error): void
}

/** Takes one call as a turn, once the object is ready. */
export const takeTurn = <Instance, Value>(core: ObjectCore<Instance>, call: Call<Instance, Value>): void => {
  const memory = start(core)
  if (memory instanceof Error) {
    call.fail(memory)
    return
  }
  memory.entering.add(call)
  const enter = () => {
    // If the object crashed before it was ready, the crash has failed this call.
    if (!memory.entering.delete(call)) return
    if (!memory.actor.isAlive()) return call.fail(new Error(RESET))
    runTurn(core, memory, call)
  }
  memory.isReady.then(enter, (error) => failStart(core, memory, error))
}

const runTurn = <Instance, Value>(
  core: ObjectCore<Instance>,
  memory: Memory<Instance>,
  { turn, run, done, fail }: Call<Instance, Value>,
): void => {
  memory.turns.push(turn)
  const { writesKept } = memory
  const succeedWith = (value: Value) => sendReply(memory, { deliver: () => done(value), fail })
  const failWith = (error: unknown, isManyTurns = turn.isManyTurns ?? false) => {
    if (memory.hasCrashed) return fail(new Error(RESET))
    const failure = error instanceof Error ? error : new Error(String(error))
    checkFailed(core, { ...turn, isManyTurns }, failure, memory.writesKept === writesKept)
    sendReply(memory, { deliver: () => fail(failure), fail })
  }
  try {
    const value = run(memory.instance)
    if (value instanceof Promise) awaitValue(memory, value, { succeedWith, failWith, reply: { fail } })
    else succeedWith(value)
  } catch (error) {
    failWith(error)
  }
}

/** A call that awaits something, such as a cipher, gets its reply after all is committed that it has written by then. */
const awaitValue = <Instance, Value>(
  memory: Memory<Instance>,
  value: Promise<Value>,
  then: {
    succeedWith(value: Value): void
    failWith(error: unknown, isManyTurns: boolean): void
    reply: { fail(error: Error): void }
  },
): void => {
  const { reply } = then
  memory.awaiting.add(reply)
  // If the object crashed meanwhile, the crash has failed this call.
  const settle = (send: () => void) => {
    if (memory.awaiting.delete(reply)) send()
  }
  value.then(
    (settled) => settle(() => then.succeedWith(settled)),
    (error) => settle(() => then.failWith(error, true)),
  )
}

/** A turn that threw has written nothing that stays. */
const checkFailed = <Instance>(
  { name, platform }: ObjectCore<Instance>,
  { what, isManyTurns = false }: Turn,
  { message }: Error,
  isUndone: boolean,
): void => {
  const { trace, violated } = platform
  trace(name, () => `${what} threw ${message}`)
  if (message.startsWith('Broken invariant')) violated('no invariant of ours breaks', message)
  if (isUndone || isManyTurns) return
  violated(NOTHING_REMAINS, `${name} kept what ${what} wrote before it threw`)
}

/** A reply leaves at once, or after the commit of the open transaction. */
const sendReply = <Instance>(memory: Memory<Instance>, reply: Reply): void => {
  if (memory.hasCrashed) reply.fail(new Error(RESET))
  else if (memory.isInTransaction) memory.replies.push(reply)
  else reply.deliver()
}
