import type { z } from 'zod'
import type { getReadiness } from '../../../../../src/contracts/http/health.ts'
import type { listPauses } from '../../../../../src/contracts/http/pauses.ts'
import { SECOND_MS, toTimestamp } from '../../../../../src/kernel/instant.ts'
import { Status, spanOf, type Tone } from '../parts.tsx'
import { pathOf } from '../view.ts'
import { count, INBOXES, inboxOf, type Measured, toneOf } from './reading.ts'

type Readiness = z.infer<
  (typeof getReadiness)['route']['responses'][200]['content']['application/json']['schema']
>

type Pause = z.infer<
  (typeof listPauses)['route']['responses'][200]['content']['application/json']['schema']
>['items'][number]

/** One thing that a person should look at, and where. */
export type Finding = { tone: Tone; says: string; href: string }

/** What needs a person, the worst first. Nothing is shown twice by its cause and by its effect alone: each line has its own page. */
export const Attention = ({ findings }: { findings: readonly Finding[] }) => {
  if (findings.length === 0)
    return (
      <p class="calm">
        <Status tone="good">Nothing needs a person.</Status>
      </p>
    )
  const sorted = findings.toSorted((one, other) => rankOf(one.tone) - rankOf(other.tone))
  return (
    <ul class="attention" aria-label="What needs a person">
      {sorted.map(({ tone, says, href }) => (
        <li class={tone}>
          <a href={href}>
            <Status tone={tone}>{says}</Status>
          </a>
        </li>
      ))}
    </ul>
  )
}

const rankOf = (tone: Tone): number => (tone === 'bad' ? 0 : 1)

type Found = { readiness: Readiness | undefined; pauses: readonly Pause[] }

export const findingsOf = (measured: Measured, { readiness, pauses }: Found): Finding[] => [
  ...notReady(readiness),
  ...pausesIn(pauses, measured),
  ...paused(readiness),
  ...silentParts(measured),
  ...failingBanks(measured),
  ...ordersInTrouble(measured),
  ...slowInboxes(measured),
  ...deadLetters(measured),
  ...failingWebhooks(measured),
  ...blockedConsumers(measured),
]

const notReady = (readiness: Readiness | undefined): Finding[] => {
  if (readiness === undefined) return [{ tone: 'bad', says: 'Readiness is unknown', href: '/console/health' }]
  if (readiness.ready) return []
  const names = Object.entries(readiness.workers).flatMap(([name, { ready }]) => (ready ? [] : [name]))
  return [{ tone: 'bad', says: `Not ready: ${names.join(', ')}`, href: '/console/health' }]
}

/** The order Worker warns of orders that are refused on purpose. */
const paused = (readiness: Readiness | undefined): Finding[] =>
  (readiness?.workers.order.warnings ?? [])
    .filter((warning) => / are paused since /.test(warning))
    .map((warning) => ({ tone: 'warn', says: warning.split('. ')[0] ?? warning, href: '/console/health' }))

/** Paused on purpose, and easily forgotten. */
const pausesIn = (pauses: readonly Pause[], { now }: Measured): Finding[] =>
  pauses.map(({ productId, reason, at }) => ({
    tone: 'warn',
    says: `New orders${productId === undefined ? '' : ` with ${productId}`} are paused for ${spanOf((now - Date.parse(at)) / SECOND_MS)}: ${reason}`,
    href: '/console/orders#pauses',
  }))

const silentParts = ({ reading }: Measured): Finding[] =>
  [
    ...reading.labelsWhere('edge_orders_worker_up', 'worker', (value) => value === 0),
    ...reading.labelsWhere('edge_orders_partition_up', 'partition', (value) => value === 0),
  ].map((name) => ({ tone: 'bad', says: `${name} does not respond`, href: '/console/health' }))

/** Each by its name, with the time since which it answers with errors or not at all. */
const failingBanks = ({ reading, now }: Measured): Finding[] => {
  // Each partition measures the bank by its own calls.
  const banks = reading.labelsWhere('edge_orders_bank_failing_seconds', 'bank', (seconds) => seconds > 0)
  return [...new Set(banks)].map((bank) => {
    const seconds = reading.most('edge_orders_bank_failing_seconds', { bank })
    const since = toTimestamp(now - Math.round(seconds * SECOND_MS)).slice(11, 16)
    return {
      tone: toneOf(seconds) === 'bad' ? 'bad' : 'warn',
      says: `The bank ${bank} fails for ${spanOf(seconds)}, since ${since} UTC`,
      href: '/console/payments?status=pending',
    }
  })
}

const ordersInTrouble = ({ reading }: Measured): Finding[] => {
  const stuck = reading.sum('edge_orders_orders_stuck')
  const oldest = reading.most('edge_orders_oldest_pending_order_seconds')
  const tone = toneOf(oldest)
  return [
    ...(stuck > 0
      ? [
          {
            tone: 'bad' as const,
            says: `${count(stuck)} stuck ${stuck === 1 ? 'order' : 'orders'}`,
            href: '/console/orders?stuck=true',
          },
        ]
      : []),
    ...(tone === 'good'
      ? []
      : [
          { tone, says: `An order is pending for ${spanOf(oldest)}`, href: '/console/orders?status=pending' },
        ]),
  ]
}

const slowInboxes = ({ reading }: Measured): Finding[] =>
  INBOXES.map((queue) => inboxOf(reading, queue)).flatMap(({ queue, messages, seconds }) =>
    messages === 0 || toneOf(seconds) === 'good'
      ? []
      : [
          {
            tone: toneOf(seconds),
            says: `${queue} stands: ${count(messages)} wait, the oldest for ${spanOf(seconds)}`,
            href: '/console/health',
          },
        ],
  )

const deadLetters = ({ reading }: Measured): Finding[] => {
  const open = reading.sum('edge_orders_dead_letters_open')
  if (open === 0) return []
  const says = `${count(open)} open dead ${open === 1 ? 'letter' : 'letters'}`
  return [{ tone: 'bad', says, href: '/console/dead-letters' }]
}

const failingWebhooks = ({ reading }: Measured): Finding[] =>
  reading
    .labelsWhere('edge_orders_webhook_failing_seconds', 'webhook', (seconds) => seconds > 0)
    .map((webhook) => ({
      tone: 'warn',
      says: `The address of webhook ${webhook} has failed for ${spanOf(reading.most('edge_orders_webhook_failing_seconds', { webhook }))}`,
      href: pathOf('console', 'webhooks', webhook),
    }))

const blockedConsumers = ({ reading }: Measured): Finding[] =>
  reading
    .labelsWhere('edge_orders_feed_consumer_blocked', 'consumer', (value) => value === 1)
    .map((consumer) => ({
      tone: 'bad',
      says: `The consumer ${consumer} of a feed is blocked`,
      href: pathOf('console', 'feed', 'consumers', consumer),
    }))
