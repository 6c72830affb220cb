import type { ClientRecords } from '../clients/client-records.ts'
import { fedEvents } from './fed-events.ts'
import type { Stored } from './stored.ts'
import type { Violated } from './violated.ts'

/** Every reader of the order feed has every event of every order, in the order in which they took effect. */
export const checkFeed = (
  { orders }: Pick<Stored, 'orders'>,
  { feedReaders }: ClientRecords,
  violated: Violated,
): void => {
  const stored = fedEvents({ orders })
  for (const { follower, isAtEnd } of feedReaders) {
    if (isAtEnd === undefined) violated('a reader of the feed reaches its end', 'a reader is still reading')
    const received = follower.received()
    for (const orderId of new Set([...stored.keys(), ...Object.keys(received)])) {
      const [all, got] = [stored.get(orderId)?.join(), received[orderId]?.join()]
      if (all !== got) violated('the feed has every event in order', `${orderId}: ${got}, stored ${all}`)
    }
  }
}
