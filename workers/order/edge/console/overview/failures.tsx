import type { z } from 'zod'
import type { listDeadLetters } from '../../../../../src/contracts/http/operations.ts'
import type { orderSchema } from '../../../../../src/contracts/http/orders.ts'
import type { Instant } from '../../../../../src/kernel/instant.ts'
import { Empty, Id, State, Status, Table, When } from '../parts.tsx'
import { pathOf } from '../view.ts'

type Order = z.infer<typeof orderSchema>
type Letter = z.infer<
  (typeof listDeadLetters)['route']['responses'][200]['content']['application/json']['schema']
>['items'][number]

const FAILURES_SHOWN = 10

type Failures = { rejected: readonly Order[]; letters: readonly Letter[]; now: Instant }

/** Rejected orders and open dead letters, the newest first. A letter about an order leads to the order. */
export const Failures = ({ rejected, letters, now }: Failures) => {
  const rows = [...rejected.map(failureOfOrder), ...letters.map(failureOfLetter)]
    .sort((one, other) => other.at.localeCompare(one.at))
    .slice(0, FAILURES_SHOWN)
  if (rows.length === 0) return <Empty title="Nothing has failed." />
  return (
    <Table label="Latest failures" heads={['What', 'State', 'Why', 'When']}>
      {rows.map(({ id, href, at, state, why }) => (
        <tr>
          <td>
            <Id href={href}>{id}</Id>
          </td>
          <td>{state}</td>
          <td class="wrap">{why}</td>
          <td>
            <When at={at} now={now} />
          </td>
        </tr>
      ))}
    </Table>
  )
}

const failureOfOrder = ({ orderId, placedAt, decidedAt, status, reason }: Order) => ({
  ...{ id: orderId, href: pathOf('console', 'orders', orderId), at: decidedAt ?? placedAt },
  state: <State of={status} />,
  why: reason === undefined ? '' : `${reason.code}: ${reason.detail}`,
})

const failureOfLetter = ({ id, orderId, reason, error, lastSeenAt, queue }: Letter) => ({
  ...(orderId?.startsWith('ord_')
    ? { id: orderId, href: pathOf('console', 'orders', orderId) }
    : { id, href: `/console/dead-letters#${id}` }),
  at: lastSeenAt,
  state: (
    <a href={`/console/dead-letters#${id}`}>
      <Status tone="bad">dead letter</Status>
    </a>
  ),
  why: `${queue}: ${reason}: ${error}`,
})
