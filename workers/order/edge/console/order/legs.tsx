import { Status } from '../parts.tsx'
import type { Story } from './story.ts'

/** The way of the order and of each of its legs, with the state that it has reached. */
export const Legs = ({ order }: Pick<Story, 'order'>) => (
  <div class="legs">
    <Path
      name="Order"
      states={orderPath(order)}
      reached={order.settledAt === undefined ? order.status : 'settled'}
    />
    <Path name="Stock" states={STOCK_PATHS[order.inventory.status]} reached={order.inventory.status} />
    <Path name="Payment" states={PAYMENT_PATHS[order.payment.status]} reached={order.payment.status} />
  </div>
)

type Order = Story['order']

const orderPath = ({ status }: Order): readonly string[] =>
  status === 'pending' ? ['pending', 'decided', 'settled'] : ['pending', status, 'settled']

const STOCK_PATHS: Record<Order['inventory']['status'], readonly string[]> = {
  pending: ['pending', 'reserved', 'committed'],
  reserved: ['pending', 'reserved', 'committed'],
  committed: ['pending', 'reserved', 'committed'],
  rejected: ['pending', 'rejected'],
  released: ['pending', 'released'],
}

const PAYMENT_PATHS: Record<Order['payment']['status'], readonly string[]> = {
  pending: ['pending', 'authorized', 'captured'],
  authorized: ['pending', 'authorized', 'captured'],
  captured: ['pending', 'authorized', 'captured'],
  declined: ['pending', 'declined'],
  failed: ['pending', 'failed'],
  voided: ['pending', 'authorized', 'voided'],
  refunded: ['pending', 'captured', 'refunded'],
}

const BAD: ReadonlySet<string> = new Set(['rejected', 'declined', 'failed'])

const Path = ({ name, states, reached }: { name: string; states: readonly string[]; reached: string }) => {
  const at = states.indexOf(reached)
  return (
    <>
      <span class="dim">{name}</span>
      <ol>
        {states.map((state, index) => (
          <li class={index > at ? 'ahead' : undefined} aria-current={index === at ? 'step' : undefined}>
            {index === at ? (
              <Status tone={toneOf(state, at === states.length - 1)}>{state}</Status>
            ) : (
              <span>{state}</span>
            )}
          </li>
        ))}
      </ol>
    </>
  )
}

const toneOf = (state: string, isLast: boolean) => {
  if (BAD.has(state)) return 'bad'
  return isLast ? 'good' : 'busy'
}
