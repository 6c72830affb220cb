import type { FeedConsumerView as Consumer } from '../../../../../src/contracts/http/feed-consumers.ts'
import type { Instant } from '../../../../../src/kernel/instant.ts'
import { Action, Done, Empty, Status, spanOf, Table, type Tone, When } from '../parts.tsx'
import { pathOf } from '../view.ts'

const TONES: Record<Consumer['health'], Tone> = {
  healthy: 'good',
  retrying: 'warn',
  blocked: 'bad',
  paused: 'off',
}

type ConsumersProps = { consumers: readonly Consumer[]; now: Instant; query: URLSearchParams }

const DONE: Readonly<Record<string, string>> = {
  paused: 'The consumer is paused. What comes meanwhile is delivered after it is resumed.',
  resumed: 'The consumer is resumed.',
}

/** The named consumers of the order feed: how far each is, and why it does not get on. */
export const Consumers = ({ consumers, now, query }: ConsumersProps) => (
  <section id="consumers">
    <h2>Consumers of the order feed</h2>
    <Done query={query} says={DONE} />
    {consumers.length === 0 ? (
      <Empty title="There is none." command="npm run ops -- consumers put NAME" />
    ) : (
      <Table
        label="Consumers of the order feed"
        heads={['Consumer', 'Health', 'Events', 'Behind', 'Lease', 'Last error', 'Action']}
      >
        {consumers.map((consumer) => (
          <Row consumer={consumer} now={now} />
        ))}
      </Table>
    )}
  </section>
)

const Row = ({ consumer, now }: { consumer: Consumer; now: Instant }) => {
  const { name, health, lag, blocked, lease, lastError } = consumer
  return (
    <tr>
      <td>
        <code>{name}</code>
      </td>
      <td>
        <Status tone={TONES[health]}>{health}</Status>
      </td>
      <td class="num">{lag === undefined ? 'unknown' : lag.events.toLocaleString('en')}</td>
      <td>{lag === undefined ? 'unknown' : spanOf(lag.seconds)}</td>
      <td>
        {lease === undefined ? (
          'none yet'
        ) : (
          <>
            {lease.holder ?? 'no name'}, {Date.parse(lease.expiresAt) > now ? 'ends' : 'ended'}{' '}
            <When at={lease.expiresAt} now={now} />
          </>
        )}
      </td>
      <td class="wrap">{blocked ?? lastError?.message ?? ''}</td>
      <td>
        <PauseOrResume consumer={consumer} />
      </td>
    </tr>
  )
}

/** Only one of the two makes sense. A blocked one has to be moved first, which the command line does. */
const PauseOrResume = ({ consumer: { name, pausedAt } }: { consumer: Consumer }) =>
  pausedAt === undefined ? (
    <Action
      path={pathOf('console', 'consumers', name, 'pause')}
      label="Pause"
      says="Its holder stops at its next commit. What was delivered and not committed comes again later. Orders go on."
    />
  ) : (
    <Action
      path={pathOf('console', 'consumers', name, 'resume')}
      label="Resume"
      says="It may be leased again, and gets everything since its last commit."
    />
  )
