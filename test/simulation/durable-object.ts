import type { Instant } from '../../src/kernel/instant.ts'
import type { Sql } from '../../src/messaging/sql.ts'
import { tableWritten } from './databases.ts'
import { latencyMs, type Outlet, type Platform } from './platform.ts'
import type { Random } from './random.ts'
import type { Actor, Timer } from './scheduler.ts'

const HOUR_MS = 3_600_000
/** Retries of an alarm that was cut off. */
const ALARM_RETRY_MS = 2_000

/** How much of a commit was done when the partition died, for the coverage of the faults. */
export type CrashPoint = 'none' | 'in a turn' | 'before commit' | 'after commit' | 'at an await'

export type ObjectPorts<Instance> = {
  name: string
  sql: Sql
  /** Its class, made anew after every crash, with bindings that its outlet holds back until the commit. */
  create(state: DurableObjectState, outlet: Outlet): Instance
  /** Runs when turns have ended, in a commit or a crash, over what is durable then. */
  onEnd?(end: TurnsEnd): void
}

/** How turns ended, and what they wrote that is durable now. */
export type TurnsEnd = {
  point: CrashPoint
  turns: readonly Turn[]
  wrote(table: string): boolean
}

/** What came in one turn, and which orders it was about. */
export type Turn = { what: string; touches: readonly Touch[]; isManyTurns?: boolean }

export type Touch = { event: string; orderId: string }

const RESET = 'The object was reset.'

const NOTHING_REMAINS = 'nothing of a turn that failed is seen, kept or sent'

/** What a statement may throw without an end of its transaction. */
const STATEMENT_ERRORS = [
  'database is locked: SQLITE_BUSY',
  'attempt to write a readonly database: SQLITE_READONLY',
  'database or disk is full: SQLITE_FULL',
  'CHECK constraint failed: SQLITE_CONSTRAINT',
] as const

const WAKE: Turn = { what: 'wake', touches: [] }

type Reply = { deliver(): void; fail(error: Error): void }

/** All that a crash takes away. */
type Memory<Instance> = {
  actor: Actor
  instance: Instance
  /** What was said since the transaction was opened: it leaves after the commit. */
  held: (() => void)[]
  replies: Reply[]
  turns: Turn[]
  isInTransaction: boolean
  hasCrashed: boolean
  /** The tables that the open transaction may have changed. */
  written: Set<string>
  /** Turns within turns, each a savepoint of the open transaction. */
  savepoints: number
  /** How many writes of this life were not undone. */
  writesKept: number
  alarmSet: { at: Instant } | undefined
  alarmDone: boolean
  isWaking: boolean
  isReady: Promise<void>
  /** Calls that wait until it is ready. */
  entering: Set<{ fail(error: Error): void }>
  /** Calls that await something. */
  awaiting: Set<{ fail(error: Error): void }>
}

/**
 * A Durable Object as workerd runs it. A call is one turn; turns that come before the commit of an earlier one share
 * its transaction; replies, publications and the alarm are held until that commit. A crash rolls back, drops what is
 * held and all memory, and tells the callers; the database and its stored alarm stay.
 */
export class SimulatedObject<Instance extends { alarm?(): unknown }> {
  readonly name: string
  readonly sql: Sql
  #memory: Memory<Instance> | undefined
  #storedAlarm: Instant | undefined
  #ringing: Timer | undefined
  /** The stored alarm is the one that is being handled. */
  #isHandling = false
  #clockOffsetMs: number
  #lives = 0
  readonly #platform: Platform
  readonly #ports: ObjectPorts<Instance>
  readonly #cloud: Actor
  readonly #random: Random

  constructor(platform: Platform, cloud: Actor, ports: ObjectPorts<Instance>, clockOffsetMs: number) {
    this.name = ports.name
    this.sql = ports.sql
    this.#platform = platform
    this.#ports = ports
    this.#cloud = cloud
    this.#clockOffsetMs = clockOffsetMs
    this.#random = platform.stream(`object/${ports.name}`)
  }

  /** A call over the network: one turn at most, and an answer, an error, or neither if the caller is gone. */
  call<Value>(caller: Actor, turn: Turn, run: (instance: Instance) => Value): Promise<Value> {
    const { scheduler, faults } = this.#platform
    return new Promise<Value>((resolve, reject) => {
      const fail = (error: Error) => scheduler.resume(latencyMs(this.#random), caller, () => reject(error))
      if (faults.hits('callLost')) {
        this.#platform.trace(this.name, () => `${turn.what} is lost on its way`)
        fail(new Error('Network connection lost.'))
        return
      }
      scheduler.after(latencyMs(this.#random), this.#cloud, () => {
        const deliver = (settle: () => void) => scheduler.resume(latencyMs(this.#random), caller, settle)
        this.#take(turn, run, {
          done: (value) => deliver(() => resolve(value)),
          fail,
        })
      })
    })
  }

  isWaking(): boolean {
    return this.#memory?.isWaking ?? false
  }

  storedAlarm(): Instant | undefined {
    return this.#storedAlarm
  }

  now(): Instant {
    return this.#platform.scheduler.now + this.#clockOffsetMs
  }

  /** The clock is put forward or back; the stored alarm rings by the new time. */
  jump(ms: number): void {
    this.#clockOffsetMs += ms
    this.#platform.trace(this.name, () => `clock jumps by ${ms / HOUR_MS} h`)
    this.#arm()
  }

  evict(): void {
    const memory = this.#memory
    if (memory === undefined || memory.isWaking || memory.isInTransaction || memory.entering.size > 0) return
    this.#platform.trace(this.name, () => 'evicted')
    this.#memory = undefined
  }

  /** Its process is killed, whatever it is doing. */
  die(): void {
    this.#crash(this.#memory?.isWaking ? 'at an await' : 'before commit')
  }

  /** Ends whatever is open, so that the database can be given back. */
  close(): void {
    if (this.#memory?.isInTransaction) this.sql('ROLLBACK')
    this.#memory = undefined
  }

  #take<Value>(
    turn: Turn,
    run: (instance: Instance) => Value,
    reply: { done(value: Value): void; fail(error: Error): void },
  ): void {
    const memory = this.#start()
    if (memory instanceof Error) {
      reply.fail(memory)
      return
    }
    memory.entering.add(reply)
    const enter = () => {
      // Where it crashed before it was ready, its callers were told.
      if (!memory.entering.delete(reply)) return
      if (!memory.actor.isAlive()) {
        reply.fail(new Error(RESET))
        return
      }
      memory.turns.push(turn)
      const { writesKept } = memory
      const say = (value: Value) => this.#say(memory, { deliver: () => reply.done(value), fail: reply.fail })
      const fail = (error: unknown, { isManyTurns }: Partial<Turn> = turn) => {
        if (memory.hasCrashed) return reply.fail(new Error(RESET))
        const failure = error instanceof Error ? error : new Error(String(error))
        this.#checkFailed(
          { ...turn, isManyTurns: isManyTurns ?? false },
          failure,
          memory.writesKept === writesKept,
        )
        this.#say(memory, { deliver: () => reply.fail(failure), fail: reply.fail })
      }
      try {
        const value = run(memory.instance)
        if (value instanceof Promise) this.#await(memory, value, { say, fail, reply })
        else say(value)
      } catch (error) {
        fail(error)
      }
    }
    memory.isReady.then(enter, (error) => this.#failStart(memory, error))
  }

  /** The answer to a call that awaits something, such as a cipher, leaves after what it wrote then is committed. */
  #await<Value>(
    memory: Memory<Instance>,
    value: Promise<Value>,
    then: {
      say(value: Value): void
      fail(error: unknown, turn: Partial<Turn>): void
      reply: { fail(error: Error): void }
    },
  ): void {
    const { reply } = then
    memory.awaiting.add(reply)
    // Where it crashed meanwhile, its callers were told.
    const settle = (answer: () => void) => {
      if (memory.awaiting.delete(reply)) answer()
    }
    value.then(
      (settled) => settle(() => then.say(settled)),
      (error) => settle(() => then.fail(error, { isManyTurns: true })),
    )
  }

  /** What the constructor waits for failed: it is reset, and who waited for it is told. */
  #failStart(memory: Memory<Instance>, error: unknown): void {
    if (this.#memory !== memory) return
    this.#platform.trace(this.name, () => `cannot start: ${error}`)
    const { entering } = memory
    memory.entering = new Set()
    this.#crash('at an await')
    for (const { fail } of entering) fail(error instanceof Error ? error : new Error(String(error)))
  }

  #checkFailed({ what, isManyTurns = false }: Turn, { message }: Error, isUndone: boolean): void {
    const { trace, violated } = this.#platform
    trace(this.name, () => `${what} threw ${message}`)
    if (message.startsWith('Broken invariant')) violated('no invariant of ours breaks', message)
    if (isUndone || isManyTurns) return
    violated(NOTHING_REMAINS, `${this.name} kept what ${what} wrote before it threw`)
  }

  #say(memory: Memory<Instance>, reply: Reply): void {
    if (memory.hasCrashed) reply.fail(new Error(RESET))
    else if (memory.isInTransaction) memory.replies.push(reply)
    else reply.deliver()
  }

  #start(): Memory<Instance> | Error {
    const { scheduler, stream } = this.#platform
    if (this.#memory !== undefined) {
      scheduler.become(this.#memory.actor)
      return this.#memory
    }
    this.#lives += 1
    const chance = stream(`chance/${this.name}/${this.#lives}`)
    const life: { memory?: Memory<Instance> } = {}
    const actor: Actor = {
      name: this.name,
      isAlive: () => life.memory === undefined || this.#memory === life.memory,
      now: () => this.now(),
      chance: () => chance.chance(),
      beforeResume: () => {
        if (life.memory?.isWaking && this.#memory === life.memory) this.#crashAtAwait()
      },
    }
    scheduler.become(actor)
    try {
      life.memory = this.#build(actor)
      this.#memory = life.memory
      return life.memory
    } catch (error) {
      if (this.#isOpen) this.sql('ROLLBACK')
      this.#isOpen = false
      return error instanceof Error ? error : new Error(String(error))
    }
  }

  #isOpen = false

  /** As the constructor of the real object does it. */
  #build(actor: Actor): Memory<Instance> {
    const memory: Partial<Memory<Instance>> = {
      actor,
      held: [],
      replies: [],
      turns: [],
      isInTransaction: false,
      hasCrashed: false,
      written: new Set(),
      savepoints: 0,
      writesKept: 0,
      alarmSet: undefined,
      alarmDone: false,
      isWaking: false,
      isReady: Promise.resolve(),
      entering: new Set(),
      awaiting: new Set(),
    }
    const whole = memory as Memory<Instance>
    const outlet: Outlet = {
      actor,
      leave: (send) => {
        if (whole.isInTransaction) whole.held.push(send)
        else send()
      },
    }
    whole.instance = this.#ports.create(this.#state(whole), outlet)
    return whole
  }

  /** The part of `DurableObjectState` that the host uses. */
  #state(memory: Memory<Instance>): DurableObjectState {
    const state = {
      id: { name: this.name, equals: (other: DurableObjectId) => other.name === this.name },
      storage: {
        sql: {
          exec: (query: string, ...bindings: (string | number | null)[]) => {
            const table = tableWritten(query)
            if (table !== '') this.#beforeWrite(memory, table)
            this.#failAtTimes()
            const rows = this.sql(query, ...bindings)
            if (table !== '') memory.writesKept += 1
            return { toArray: () => rows }
          },
        },
        transactionSync: <Value>(work: () => Value) => this.#transactionSync(memory, work),
        getAlarm: async () => memory.alarmSet?.at ?? this.#alarmLeft(memory) ?? null,
        setAlarm: async (at: Instant) => {
          if (this.#isOver(memory)) return
          this.#openTransaction(memory)
          memory.alarmSet = { at }
        },
      },
      blockConcurrencyWhile: (work: () => Promise<void>) => {
        const done = work()
        memory.isReady = Promise.all([memory.isReady, done]).then(() => {})
        memory.isReady.catch(() => {})
        return done
      },
      waitUntil: () => {},
    }
    return state as unknown as DurableObjectState
  }

  /** A savepoint of the transaction that is open: undone where the work throws, and with all else in a crash. */
  #transactionSync<Value>(memory: Memory<Instance>, work: () => Value): Value {
    if (this.#isOver(memory)) throw new Error(RESET)
    this.#openTransaction(memory)
    const { writesKept } = memory
    memory.savepoints += 1
    const savepoint = `turn_${memory.savepoints}`
    this.sql(`SAVEPOINT ${savepoint}`)
    const end = () => {
      memory.savepoints -= 1
      if (this.#isOver(memory)) throw new Error(RESET)
      this.sql(`RELEASE ${savepoint}`)
    }
    try {
      const value = work()
      end()
      return value
    } catch (error) {
      if (this.#isOver(memory)) throw new Error(RESET, { cause: error })
      this.sql(`ROLLBACK TO ${savepoint}`)
      memory.writesKept = writesKept
      end()
      throw error
    }
  }

  #failAtTimes(): void {
    const { faults } = this.#platform
    if (!faults.hits('statementFails')) return
    const error = faults.stream('statementFails').pick(STATEMENT_ERRORS)
    this.#platform.trace(this.name, () => `a statement throws: ${error}`)
    throw new Error(error)
  }

  /** An alarm that is being handled does not count as set. */
  #alarmLeft(memory: Memory<Instance>): Instant | undefined {
    return memory.isWaking && this.#isHandling ? undefined : this.#storedAlarm
  }

  /** What a crash interrupted gets no further than to its next write. */
  #beforeWrite(memory: Memory<Instance>, table: string): void {
    if (this.#isOver(memory)) throw new Error(RESET)
    if (memory.savepoints === 0)
      this.#platform.violated('every write is part of a turn', `${this.name} writes ${table} outside one`)
    const isBetween = this.#memory === memory && memory.isInTransaction && memory.written.size > 0
    if (isBetween && this.#platform.faults.hits('crashInTurn')) {
      this.#crash('in a turn')
      throw new Error(RESET)
    }
    this.#openTransaction(memory)
    memory.written.add(table)
  }

  #isOver(memory: Memory<Instance>): boolean {
    return memory.hasCrashed || (this.#memory !== undefined && this.#memory !== memory)
  }

  #openTransaction(memory: Memory<Instance>): void {
    if (memory.isInTransaction) return
    const { scheduler, faults } = this.#platform
    this.sql('BEGIN')
    this.#isOpen = true
    memory.isInTransaction = true
    const delayMs = faults.hits('slowCommit') ? this.#random.between(10, 3_000) : this.#random.below(4)
    scheduler.after(delayMs, this.#cloud, () => {
      if (this.#memory === memory) this.#commit(memory)
    })
  }

  #commit(memory: Memory<Instance>): void {
    const { faults, scheduler } = this.#platform
    const { turns, held, replies } = memory
    if (faults.hits('crashBeforeCommit')) {
      this.#crash('before commit')
      return
    }
    this.sql('COMMIT')
    this.#isOpen = false
    memory.isInTransaction = false
    this.#keepAlarm(memory)
    memory.turns = []
    memory.held = []
    memory.replies = []
    const { written } = memory
    memory.written = new Set()
    const isCrashing = faults.hits('crashAfterCommit')
    const wrote = (table: string) => written.has(table) || written.has('*')
    this.#ports.onEnd?.({ point: isCrashing ? 'after commit' : 'none', turns, wrote })
    if (isCrashing) {
      const sent = this.#random.below(held.length + 1)
      const answered = this.#random.below(replies.length + 1)
      for (const send of held.slice(0, sent)) send()
      for (const reply of replies.slice(0, answered)) reply.deliver()
      memory.replies = replies.slice(answered)
      this.#crash('after commit')
      return
    }
    scheduler.become(memory.actor)
    for (const send of held) send()
    for (const reply of replies) reply.deliver()
    if (!memory.isWaking && faults.hits('eviction')) this.evict()
  }

  #keepAlarm(memory: Memory<Instance>): void {
    const isChanged = memory.alarmDone || memory.alarmSet !== undefined
    if (memory.alarmDone && this.#isHandling) this.#storedAlarm = undefined
    if (memory.alarmSet !== undefined) this.#storedAlarm = memory.alarmSet.at
    if (isChanged) this.#isHandling = false
    memory.alarmDone = false
    memory.alarmSet = undefined
    if (isChanged) this.#arm()
  }

  #crashAtAwait(): void {
    if (this.#platform.faults.hits('crashAtAwait')) this.#crash('at an await')
  }

  #crash(point: CrashPoint): void {
    const memory = this.#memory
    if (memory === undefined) return
    this.#platform.trace(this.name, () => `crashes ${point}`)
    if (memory.isInTransaction) this.sql('ROLLBACK')
    this.#isOpen = false
    this.#memory = undefined
    memory.hasCrashed = true
    if (point !== 'after commit') {
      const turns = memory.isWaking ? [...memory.turns, WAKE] : memory.turns
      this.#ports.onEnd?.({ point, turns, wrote: () => false })
    }
    for (const reply of [...memory.replies, ...memory.entering, ...memory.awaiting])
      reply.fail(new Error(RESET))
    memory.entering = new Set()
    memory.awaiting = new Set()
    this.#isHandling = false
    this.#arm(ALARM_RETRY_MS)
  }

  /** Lets the stored alarm ring by the partition's own clock, unless it is being handled. */
  #arm(notBeforeMs = 0): void {
    const { scheduler, faults } = this.#platform
    this.#ringing?.cancel()
    this.#ringing = undefined
    if (this.#storedAlarm === undefined || this.#memory?.isWaking) return
    const size = faults.stream('alarmLate')
    const earlyMs = faults.hits('alarmEarly') ? size.between(1, 5_000) : 0
    const lateMs = faults.hits('alarmLate') ? size.pick([50, 1_000, 10_000, 60_000, 600_000]) : 0
    const delayMs = Math.max(this.#storedAlarm - this.now() - earlyMs + lateMs, notBeforeMs, 1)
    this.#ringing = scheduler.after(delayMs, this.#cloud, () => this.#ring())
  }

  #ring(): void {
    const { faults } = this.#platform
    // An alarm is over once its commit is: until then it does not ring again, and that commit arms the next.
    if (this.#memory?.isWaking || this.#memory?.alarmDone) return
    if (this.#memory === undefined && faults.hits('alarmGivenUp')) {
      this.#platform.trace(this.name, () => 'cannot start, and its alarm is given up')
      // Some runtimes go on telling of an alarm that they have given up.
      if (faults.stream('alarmGivenUp').chance() < 0.5) this.#storedAlarm = undefined
      return
    }
    if (faults.hits('alarmThrows')) {
      this.#arm(ALARM_RETRY_MS)
      return
    }
    const isTwice = faults.hits('alarmTwice')
    const memory = this.#start()
    if (memory instanceof Error) {
      this.#arm(ALARM_RETRY_MS)
      return
    }
    this.#platform.trace(this.name, () => 'wakes')
    memory.isWaking = true
    this.#isHandling = true
    const wake = async () => {
      await memory.instance.alarm?.()
      if (this.#memory !== memory) return
      this.#openTransaction(memory)
      memory.turns.push(WAKE)
      memory.isWaking = false
      memory.alarmDone = true
      if (isTwice)
        this.#platform.scheduler.after(this.#random.between(1, 5_000), this.#cloud, () => this.#ring())
    }
    memory.isReady.then(wake, (error) => this.#failStart(memory, error))
  }
}
