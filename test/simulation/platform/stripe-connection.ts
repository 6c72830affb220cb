import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/kernel/instant.ts'
import type { BankOperation } from '../../../src/payment/bank.ts'
import { type StripeFault, StripeMock, type StripeNews } from '../../support/stripe/stripe-mock.ts'
import type { BankProfile } from './hostile-bank.ts'
import { latencyMs, type Platform } from './platform.ts'
import type { Actor } from './scheduler.ts'

const STRIPE = 'https://api.stripe.com'

/** Stripe does a call at most this late. A call that is under way for longer is lost. */
const LATE_MS_MAX = 90 * SECOND_MS
/** A read shows what was true at most so long ago. The payment's steps wait longer than that after an error. */
const LAG_MS_MAX = 29 * SECOND_MS
/** A customer confirms a payment within this time, where Stripe asks for that. */
const CONFIRMED_MS_MAX = 10 * MINUTE_MS
/** Stripe gives an authorization up within this time, where it does. */
const LAPSE_MS_MAX = 60 * SECOND_MS

type Call = { method: string; url: URL; headers: Headers; body: string; key: string }

/** Stripe at the other end of the network, and what a world knows about it. */
export type SimulatedStripe = {
  mock: StripeMock
  /** Whether a request to this address goes to Stripe. */
  serves(url: string): boolean
  fetch: typeof globalThis.fetch
}

type Ports = {
  cloud: Actor
  profileOf(orderId: string): BankProfile
  /** Stripe has something to post. */
  onNews(news: StripeNews): void
}

/**
 * Stripe's validating mock behind a network that loses calls and responses, delays calls, and shows old reads. Each fault
 * of the hostile bank is here too, in the way that Stripe shows it.
 */
export const createStripeConnection = (
  platform: Platform,
  { cloud, profileOf, onNews }: Ports,
): SimulatedStripe => {
  const { scheduler, faults } = platform
  const random = platform.stream('stripe network')
  const mock = new StripeMock(scheduler.now)
  const busy = new Set<string>()
  const profiles = createProfiles(profileOf)
  /** A clock that jumps ends the wait that keeps old reads away. Durable Objects have no such clocks. */
  const mayLag = !faults.rates.has('clockJumps')
  let passedUntil = scheduler.now

  const faultOf = (call: Call): StripeFault | undefined => {
    if (busy.has(call.key)) return 'key in use'
    if (faults.hits('stripeLimits')) return 'rate limit'
    if (faults.hits('stripeKeyWrong')) return 'wrong key'
    if (call.method === 'GET') return faults.hits('bankLookUpFails') ? 'passing error' : undefined
    const drawn: readonly [boolean, StripeFault][] = [
      [faults.hits('bankErrors'), 'passing error'],
      [faults.hits('bankErrsForEver'), 'sticky error'],
      [faults.hits('bankErrsAfterDoing'), 'sticky error, but done'],
    ]
    return drawn.find(([isHit]) => isHit)?.[1] ?? profiles.faultOf(call)
  }

  /** Stripe's response to a call that has reached it. */
  const carryOut = (call: Call) => {
    mock.pass(scheduler.now - passedUntil)
    passedUntil = scheduler.now
    const fault = faultOf(call)
    if (fault !== undefined) mock.next(fault)
    mock.lag(call.method === 'GET' && mayLag && faults.hits('stripeLags') ? random.below(LAG_MS_MAX) : 0)
    const response = mock.respond(call.method, call.url, call.headers, call.body)
    mock.withoutFaults()
    if (isWaitingForCustomer(response)) confirmLater(stepOf(call)?.orderId ?? '')
    platform.trace('stripe', () => `${call.method} ${call.url.pathname} ${call.key}: ${response.status}`)
    tell()
    return response
  }

  const tell = (): void => {
    for (const violation of mock.violations.splice(0))
      platform.violated('every call is as Stripe describes it', violation)
    for (const news of mock.news.splice(0)) {
      onNews(news)
      const isAuthorized = news.type === 'payment_intent.amount_capturable_updated'
      if (isAuthorized && faults.hits('stripeLapses')) lapseSoon(news)
    }
  }

  const lapseSoon = ({ orderId }: StripeNews): void => {
    scheduler.after(random.below(LAPSE_MS_MAX), cloud, () => {
      platform.trace('stripe', () => `gives the authorization of ${orderId} up`)
      mock.lapse(orderId)
      tell()
    })
  }

  /** A customer confirms what is still open. */
  const confirmLater = (orderId: string): void => {
    scheduler.after(random.below(CONFIRMED_MS_MAX), cloud, () => {
      mock.confirmByCustomer(orderId)
      tell()
    })
  }

  /** The call arrives long after its caller has stopped to wait. Meanwhile Stripe says that its key is in use. */
  const carryOutLate = (call: Call): void => {
    busy.add(call.key)
    const sentAt = scheduler.now
    scheduler.after(random.between(6 * SECOND_MS, LATE_MS_MAX), cloud, () => {
      busy.delete(call.key)
      if (scheduler.now <= sentAt + LATE_MS_MAX) carryOut(call)
    })
  }

  const fetch: typeof globalThis.fetch = (input, init) => {
    const caller = scheduler.acting
    if (caller === undefined) throw new Error('Stripe was called outside every actor of the world')
    const { promise, resolve, reject } = Promise.withResolvers<Response>()
    init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
    const call = callOf(input, init)
    const isRead = call.method === 'GET'
    const isLate = faults.hits('bankAnswersLate') && !isRead
    const isLostBefore = faults.hits('bankTimesOutBefore')
    const isLostAfter = faults.hits('bankTimesOutAfter')
    scheduler.after(latencyMs(random), cloud, () => {
      if (isLostBefore) return
      if (isLate && !busy.has(call.key)) return carryOutLate(call)
      const response = carryOut(call)
      if (isLostAfter) return
      scheduler.resume(latencyMs(random), caller, () => resolve(responseOf(response)))
    })
    return promise
  }
  return { mock, serves: (url) => url.startsWith(STRIPE), fetch }
}

const callOf = (input: RequestInfo | URL, init: RequestInit | undefined): Call => {
  const headers = new Headers(init?.headers)
  return {
    ...{ method: init?.method ?? 'GET', url: new URL(String(input)), headers },
    ...{ body: String(init?.body ?? ''), key: headers.get('idempotency-key') ?? '' },
  }
}

/** As much of a response as the `stripe` package reads. A real one would be read from a stream, which no seed decides. */
const responseOf = ({ status, body }: { status: number; body: unknown }): Response =>
  ({ status, headers: new Headers(), body: null, text: async () => JSON.stringify(body) }) as Response

const isWaitingForCustomer = ({ body }: { body: unknown }): boolean =>
  typeof body === 'object' && body !== null && 'status' in body && body.status === 'requires_action'

/** The keys begin with the order, and name the step that makes the call. */
const KEY = /^(?<orderId>[^/]+)\/(?<step>authorize|capture|void|refund)/

const stepOf = ({ key }: Call): { orderId: string; operation: BankOperation } | undefined => {
  const { orderId, step } = KEY.exec(key)?.groups ?? {}
  return orderId === undefined ? undefined : { orderId, operation: step as BankOperation }
}

/** After an error, a refund waits for half a minute. More errors would use up the attempts of a message. */
const FAILS_MAX = 3

/** What a world's profile of an order means for the calls of Stripe that are about it. */
const createProfiles = (profileOf: (orderId: string) => BankProfile) => {
  const failed = new Map<string, number>()
  const failsNow = (name: string, times: number): boolean => {
    const before = failed.get(name) ?? 0
    failed.set(name, before + 1)
    return before < times
  }
  return {
    faultOf: (call: Call): StripeFault | undefined => {
      const step = stepOf(call)
      if (step === undefined) return undefined
      const { orderId, operation } = step
      const { refuses, failsFirst } = profileOf(orderId)
      if (refuses === operation) return 'refusal'
      if (failsFirst?.operation !== operation) return undefined
      return failsNow(`${orderId}/${operation}`, Math.min(failsFirst.times, FAILS_MAX))
        ? 'sticky error'
        : undefined
    },
  }
}

/** Stripe posts what it has to say again until it was taken, first soon and then more rarely. */
const POST_AGAIN_MS = [5 * SECOND_MS, 60 * SECOND_MS, 10 * 60 * SECOND_MS, HOUR_MS] as const

/** Without a response in this time the post counts as not taken. */
const RESPONSE_MS_MAX = 30 * SECOND_MS

/** Resolves with whether the event was taken. */
type Post = (news: StripeNews) => Promise<boolean>

/** Posts each event of Stripe until it was taken: at once or late, and sometimes twice. */
export const createStripePosts = (platform: Platform, cloud: Actor, post: Post) => {
  const { scheduler, faults } = platform
  const random = platform.stream('stripe posts')
  const attemptAfter = (delayMs: number, news: StripeNews, attempt: number): void => {
    scheduler.after(delayMs, cloud, () => {
      const again = () => {
        const pauseMs = POST_AGAIN_MS[attempt]
        if (pauseMs !== undefined) attemptAfter(pauseMs, news, attempt + 1)
      }
      if (faults.hits('stripePostLost')) return again()
      let isOver = false
      const end = (isTaken: boolean) => {
        if (isOver) return
        isOver = true
        if (!isTaken) again()
      }
      scheduler.after(RESPONSE_MS_MAX, cloud, () => end(false))
      void post(news).then(end, () => end(false))
    })
  }
  return (news: StripeNews): void => {
    const isLate = faults.hits('stripePostLate')
    const isTwice = faults.hits('stripePostTwice')
    const soonMs = random.below(20)
    attemptAfter(isLate ? random.below(HOUR_MS) : soonMs, news, 0)
    if (isTwice) attemptAfter(random.pick([soonMs, random.below(HOUR_MS)]), news, 0)
  }
}
