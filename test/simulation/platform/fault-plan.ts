import type { Random } from './random.ts'

/** The rate of each fault in a world that has it in full: how often it strikes, of all the times that it could. */
const FULL_RATES = {
  /** A partition loses its memory: before its commit, between the commit and its messages, or at an await. */
  crashBeforeCommit: 0.08,
  crashAfterCommit: 0.08,
  crashAtAwait: 0.1,
  /** A partition loses its memory between two calls, and nothing else. */
  eviction: 0.15,
  /** The disk is slow, so that more turns share one commit. */
  slowCommit: 0.1,
  /** A call never reaches its partition, and the caller gets an error. */
  callLost: 0.08,
  /** An invocation of a Worker ends at an await, without an error. */
  workerKilled: 0.05,
  sendRefused: 0.15,
  sendTimesOut: 0.1,
  sendDropped: 0.15,
  messageDuplicated: 0.25,
  messageDelayed: 0.3,
  /** With a heavy tail, up to an hour. */
  messageDelayedLong: 0.06,
  acknowledgementLost: 0.15,
  /** The platform takes a whole batch for failed, with the messages that were acknowledged. */
  batchRedelivered: 0.1,
  queueForgets: 0.02,
  metricsFail: 0.3,
  databaseFailsBefore: 0.25,
  databaseFailsAfter: 0.25,
  databaseSlow: 0.2,
  bankErrors: 0.2,
  bankErrsForEver: 0.12,
  /** The bank does the call and responds with an error. */
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
  /** The whole system stands still for more than a day, and then goes on. */
  outage: 0.04,
  /** A webhook's request does not arrive, gets a 500, or gets no response. */
  webhookLost: 0.2,
  webhookRefused: 0.3,
  webhookHangs: 0.1,
  /** Between two statements of a turn, with the first of them done. */
  crashInTurn: 0.05,
  /** A statement of a turn throws, because the file is locked, read-only or full, or because a constraint fails. */
  statementFails: 0.02,
  /** A read model is read from a replica that is behind. */
  databaseStale: 0.5,
  /** While a deployment goes on, some events come from the code before this one, and some from the next. */
  olderCode: 0.2,
  newerCode: 0.2,
  /** All processes die at once and start again. A local broker loses its messages. */
  restart: 0.05,
  /** The consumers of one service fail at everything, for up to an hour. */
  serviceAway: 0.1,
  /** An object that is not in memory fails to start until the platform has used up its retries of the alarm. */
  alarmGivenUp: 0.2,
  /** Stripe has too many calls, or does not know the secret key for a while. */
  stripeLimits: 0.1,
  stripeKeyWrong: 0.1,
  /** A read of Stripe shows what was true half a minute ago. */
  stripeLags: 0.5,
  /** Stripe gives an authorization up before it is captured. */
  stripeLapses: 0.2,
  /** An event of Stripe comes up to an hour late, twice, or not at its first attempts. */
  stripePostLate: 0.3,
  stripePostTwice: 0.3,
  stripePostLost: 0.3,
  /** The archive is slow, or a call of it fails before or after it did the work. */
  archiveSlow: 0.3,
  archiveFailsBefore: 0.25,
  archiveFailsAfter: 0.25,
  /** A partition dies when the archive has its text, before it knows. */
  archivedThenCrash: 0.3,
} as const

/** Transient faults. Where one of them strikes once, an order still settles within a minute. */
const TRANSIENT = [
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

/** One world in this many has a single fault, which strikes once. */
const SINGLE_FAULT_EVERY = 12
/** Of the others, one in this many has only one fault: a service is away for an hour. */
const SERVICE_OUTAGE_EVERY = 80

export type Fault = keyof typeof FULL_RATES

export const FAULTS = Object.keys(FULL_RATES) as Fault[]

/** The parts that a smaller version of a world leaves out. */
export type Reduction = {
  withoutFaults?: readonly Fault[]
  /** The only strikes that happen, as `fault#chance number`. */
  onlyStrikes?: readonly string[]
}

type Die = { random: Random; rate: number; times: number }

/** The faults of one world: its own selection, each with its own rate. */
export class FaultPlan {
  readonly rates: ReadonlyMap<Fault, number>
  readonly struck: string[] = []
  /** The only fault of the world, where it has only one. It strikes once. */
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

  /**
   * Whether the fault strikes this time. The draw is made even where the fault cannot strike, so that all later draws
   * stay the same.
   */
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

  /** For the size of a fault that struck, such as the length of a delay. */
  stream(fault: Fault): Random {
    return this.#streams(`size/${fault}`)
  }
}

/** The fault strikes soon, but not always at its first chance. */
const SINGLE_RATE = 0.1

const drawSingle = (random: Random): Fault | undefined =>
  random.below(SINGLE_FAULT_EVERY) === 0 ? TRANSIENT[random.below(TRANSIENT.length)] : undefined

const drawServiceOutage = (random: Random): Fault | undefined =>
  random.below(SERVICE_OUTAGE_EVERY) === 0 ? 'serviceAway' : undefined

/** A service outage has one chance to strike, the other faults have many. */
const aloneWith = (fault: Fault): ReadonlyMap<Fault, number> =>
  new Map([[fault, fault === 'serviceAway' ? 1 : SINGLE_RATE]])

/** One world in eight has no faults but those of its workload. In the others most faults are rare or missing. */
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
