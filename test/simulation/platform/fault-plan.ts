import type { Random } from './random.ts'

/** How often each fault strikes, per chance it has, in a world that has it at full rate. */
const FULL_RATES = {
  /** A partition dies with its memory: before its commit, after it but before what it says has left, at an await. */
  crashBeforeCommit: 0.08,
  crashAfterCommit: 0.08,
  crashAtAwait: 0.1,
  /** A partition loses its memory between two calls, and nothing else. */
  eviction: 0.15,
  /** The disk takes its time, so that more turns share one commit. */
  slowCommit: 0.1,
  /** A call never reaches its partition, and the caller is told so. */
  callLost: 0.08,
  /** An invocation of a Worker ends at an await, without a word. */
  workerKilled: 0.05,
  sendRefused: 0.15,
  sendTimesOut: 0.1,
  sendDropped: 0.15,
  messageDuplicated: 0.25,
  messageDelayed: 0.3,
  /** With a heavy tail, up to an hour. */
  messageDelayedLong: 0.06,
  acknowledgementLost: 0.15,
  /** The platform takes a whole batch for failed, acknowledged messages too. */
  batchRedelivered: 0.1,
  queueForgets: 0.02,
  metricsFail: 0.3,
  databaseFailsBefore: 0.25,
  databaseFailsAfter: 0.25,
  databaseSlow: 0.2,
  bankErrors: 0.2,
  bankErrsForEver: 0.12,
  /** Answers with an error what it did all the same. */
  bankErrsAfterDoing: 0.15,
  bankTimesOutBefore: 0.15,
  bankTimesOutAfter: 0.2,
  bankAnswersLate: 0.15,
  bankLookUpFails: 0.3,
  alarmEarly: 0.2,
  alarmLate: 0.2,
  alarmTwice: 0.2,
  alarmThrows: 0.2,
  clockJumps: 0.3,
  /** Everybody sleeps for more than a day: whatever was under way goes on after it. */
  outage: 0.04,
  /** The request of a webhook does not arrive, is answered 500, or is not answered. */
  webhookLost: 0.2,
  webhookRefused: 0.3,
  webhookHangs: 0.1,
  /** Between two statements of a turn, with the first of them done. */
  crashInTurn: 0.05,
  /** A statement of a turn throws: the file is locked, read-only or full, or a constraint does not hold. */
  statementFails: 0.02,
  /** A read model is read where it is not yet up to date. */
  databaseStale: 0.5,
  /** While a deployment goes on, some events come from the code before this one, and some from the next. */
  olderCode: 0.2,
  newerCode: 0.2,
  /** Every process dies at once and starts again, and a local broker's messages with them. */
  restart: 0.05,
  /** The consumers of one service fail at everything, for up to an hour. */
  serviceAway: 0.1,
  /** An object that is not in memory fails to start until the platform has used up its retries of the alarm. */
  alarmGivenUp: 0.2,
} as const

/** What passes by itself: struck by one of these once, an order settles within a minute all the same. */
const PASSING = [
  ...([
    'crashBeforeCommit',
    'crashAfterCommit',
    'crashAtAwait',
    'crashInTurn',
    'statementFails',
    'eviction',
    'slowCommit',
  ] as const),
  ...(['callLost', 'workerKilled', 'sendRefused', 'sendTimesOut', 'sendDropped', 'queueForgets'] as const),
  ...(['messageDuplicated', 'messageDelayed', 'messageDelayedLong', 'acknowledgementLost'] as const),
  ...(['batchRedelivered', 'databaseFailsBefore', 'databaseFailsAfter', 'databaseSlow'] as const),
  ...(['bankErrors', 'bankErrsForEver', 'bankErrsAfterDoing', 'bankTimesOutBefore'] as const),
  ...(['restart', 'bankTimesOutAfter', 'alarmEarly', 'alarmLate', 'alarmTwice', 'alarmThrows'] as const),
] as const satisfies readonly Fault[]

/** One world in so many has a single fault, which strikes once. */
const SINGLE_FAULT_EVERY = 12
/** Of the others, one in so many has nothing wrong with it but that a service is away for an hour. */
const SERVICE_OUTAGE_EVERY = 80

export type Fault = keyof typeof FULL_RATES

export const FAULTS = Object.keys(FULL_RATES) as Fault[]

/** What a smaller version of a world leaves out. */
export type Reduction = {
  withoutFaults?: readonly Fault[]
  /** The only strikes that happen, as `fault#chance`. */
  onlyStrikes?: readonly string[]
}

type Die = { random: Random; rate: number; times: number }

/** The faults of one world: its own subset, each with its own rate. */
export class FaultPlan {
  readonly rates: ReadonlyMap<Fault, number>
  readonly struck: string[] = []
  /** The one fault of the world, where nothing else is wrong with it. It strikes once. */
  readonly single: Fault | undefined
  isOn = true
  readonly #streams: (name: string) => Random
  readonly #dice: Partial<Record<Fault, Die>> = {}
  readonly #only: ReadonlySet<string> | undefined
  readonly #without: ReadonlySet<Fault>

  constructor(streams: (name: string) => Random, { withoutFaults = [], onlyStrikes }: Reduction) {
    this.#streams = streams
    this.#without = new Set(withoutFaults)
    this.#only = onlyStrikes && new Set(onlyStrikes)
    const rates = drawRates(streams('swarm'))
    this.single = drawSingle(streams('single fault')) ?? drawServiceOutage(streams('lone absence'))
    this.rates = this.single === undefined ? rates : aloneWith(this.single)
  }

  /** Whether the fault strikes this time. Its chance is drawn whether or not it can strike. */
  hits(fault: Fault): boolean {
    const die = this.#dice[fault] ?? this.#die(fault)
    die.times += 1
    const isHit = die.random.chance() < die.rate
    if (!isHit || !this.isOn || (this.single !== undefined && this.struck.length > 0)) return false
    const strike = `${fault}#${die.times}`
    if (this.#only !== undefined && !this.#only.has(strike)) return false
    this.struck.push(strike)
    return true
  }

  haveStruck(faults: readonly Fault[]): boolean {
    return faults.some((fault) => this.struck.some((strike) => strike.startsWith(`${fault}#`)))
  }

  #die(fault: Fault): Die {
    const rate = this.#without.has(fault) ? 0 : (this.rates.get(fault) ?? 0)
    const die = { random: this.#streams(`fault/${fault}`), rate, times: 0 }
    this.#dice[fault] = die
    return die
  }

  /** Who else is drawn for a fault that struck. */
  stream(fault: Fault): Random {
    return this.#streams(`size/${fault}`)
  }
}

/** Soon, but not always at the first chance. */
const SINGLE_RATE = 0.1

const drawSingle = (random: Random): Fault | undefined =>
  random.below(SINGLE_FAULT_EVERY) === 0 ? PASSING[random.below(PASSING.length)] : undefined

const drawServiceOutage = (random: Random): Fault | undefined =>
  random.below(SERVICE_OUTAGE_EVERY) === 0 ? 'serviceAway' : undefined

/** An absence has one chance, the others many. */
const aloneWith = (fault: Fault): ReadonlyMap<Fault, number> =>
  new Map([[fault, fault === 'serviceAway' ? 1 : SINGLE_RATE]])

/** One world in eight is without faults but those of the workload; in others most faults are rare or missing. */
const drawRates = (random: Random): Map<Fault, number> => {
  const share = random.pick([0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9])
  const rates = new Map<Fault, number>()
  for (const fault of FAULTS) {
    const isIn = random.chance() < share
    const rate = FULL_RATES[fault] * random.pick([0.2, 0.5, 1, 1])
    if (isIn) rates.set(fault, rate)
  }
  return rates
}
