import type { Message } from './script.ts'

/** Stands in a script for the deliveries on the queue that no call before has taken. */
export const QUEUED = '@queued'

/** Names, in an argument of a script, an attempt that the partition has begun: 0 is the newest one. */
export const ATTEMPT = '@attempt'

/** Stands for an attempt where the partition has begun none. */
const NO_ATTEMPT = { webhookId: 'wh_none', deliveryId: 'msg_none', attempt: 1 }

type Attempt = typeof NO_ATTEMPT

/**
 * Fills the arguments of a script with what only the partition knows: the ids of deliveries, which it makes itself. Two
 * partitions that behave alike are called alike.
 */
export const createPlaceholders = (messages: readonly Message[]) => {
  let taken = 0
  const attempts: Attempt[] = []
  const takeQueued = (): unknown[] => {
    const refs = messages.slice(taken).filter(({ queue }) => queue === 'WEBHOOK_DELIVERIES')
    taken = messages.length
    return refs.map(({ body }) => body)
  }
  return {
    fill: (args: readonly unknown[]): unknown[] =>
      args.map((arg) => {
        if (arg === QUEUED) return takeQueued()
        if (typeof arg !== 'object' || arg === null || !(ATTEMPT in arg)) return structuredClone(arg)
        const { [ATTEMPT]: nth, ...rest } = arg
        return structuredClone({ ...(attempts.at(-1 - Number(nth)) ?? NO_ATTEMPT), ...rest })
      }),
    /** Remembers the attempts that a reply hands out. */
    learn: (reply: unknown): void => {
      if (Array.isArray(reply)) attempts.push(...reply.filter(isAttempt).map(idsOf))
    },
  }
}

const isAttempt = (each: unknown): each is Attempt =>
  typeof each === 'object' && each !== null && 'deliveryId' in each && 'attempt' in each

const idsOf = ({ webhookId, deliveryId, attempt }: Attempt): Attempt => ({ webhookId, deliveryId, attempt })
