import type { FeedConsumerView } from '../../../../../src/contracts/http/feed-consumer-schemas.ts'
import { fromTimestamp, type Instant, SECOND_MS, toTimestamp } from '../../../../../src/kernel/instant.ts'
import { counted } from '../parts.tsx'

type Consumer = Pick<FeedConsumerView, 'feed' | 'lag'>

/** Where a consumer is to go on. `time`: a timestamp, of the order where the operator named one. */
export type Place = { at: 'oldest' | 'now' } | { time: string }

/** What a move to that place sends again and leaves out, in words, before it happens. */
export const planOf = (consumer: Consumer, place: Place, now: Instant): string => {
  if (!('at' in place)) return sinceTime(consumer, place.time, now)
  return place.at === 'now' ? fromNow(consumer) : fromOldest(consumer)
}

const fromOldest = ({ feed }: Consumer): string =>
  feed === 'products'
    ? 'Every product comes again, in its newest version. Nothing is left out.'
    : 'Every event that is kept comes again, from the oldest order on. Nothing is left out.'

const fromNow = ({ feed, lag }: Consumer): string => {
  const [one, rest] = feed === 'products' ? ['changed product', 'changes'] : ['event', 'happens']
  const next = `It goes on with what ${rest} from now on. Nothing comes again.`
  if (lag === undefined) return `What it has not delivered is left out. ${next}`
  return lag.events === 0
    ? `It has delivered everything, so nothing is left out. ${next}`
    : `${counted(lag.events, one)} that it has not delivered ${lag.events === 1 ? 'is' : 'are'} left out. ${next}`
}

/** The feed begins a minute before a time, because clocks differ: what is near it may come as well. */
const sinceTime = ({ lag }: Consumer, time: string, now: Instant): string => {
  const wanted = shown(time)
  if (lag === undefined) {
    return `What took effect from ${wanted} on comes, whether it was delivered or not. What is older and was not delivered is left out.`
  }
  const reached = lag.events === 0 ? now : now - lag.seconds * SECOND_MS
  const here = shown(toTimestamp(reached))
  return fromTimestamp(time) <= reached
    ? `What took effect from ${wanted} to ${here} was delivered, and comes again. Nothing is left out. If the feed was off then, all that is kept comes.`
    : `What took effect from ${here} to ${wanted} was not delivered, and is left out. Nothing comes again.`
}

/** `2026-11-28 14:05:09 UTC`. */
const shown = (timestamp: string): string => `${timestamp.slice(0, 19).replace('T', ' ')} UTC`
