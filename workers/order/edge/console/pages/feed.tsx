import type { FeedConsumerView as Consumer } from '../../../../../src/contracts/http/feed-consumer-schemas.ts'
import { listFeedConsumers } from '../../../../../src/contracts/http/feed-consumers.ts'
import { REPLAYABLE } from '../../../../../src/contracts/replay.ts'
import type { Instant } from '../../../../../src/kernel/instant.ts'
import {
  Action,
  Choice,
  counted,
  Done,
  Empty,
  Field,
  Id,
  refused,
  Status,
  Switches,
  spanOf,
  Table,
  type Tone,
  When,
} from '../parts.tsx'
import { type PageOf, pathOf } from '../view.ts'

type Feed = Consumer['feed']

const FEEDS = ['orders', 'products'] as const satisfies readonly Feed[]

/** The types of events that the feed of orders has. */
const ORDER_TYPES: readonly string[] = [...REPLAYABLE.inventory, 'OrderSettled', ...REPLAYABLE.order]

const BEGINNINGS = [
  { value: 'oldest', text: 'with all that is kept' },
  { value: 'now', text: 'with what comes from now on' },
]

const REFRESH_SECONDS = 5

const DONE: Readonly<Record<string, string>> = {
  removed: 'The consumer is removed, and its place is forgotten. The feed stays on.',
  'orders-off': 'The feed of orders is off. The next reader switches it on again.',
  'products-off': 'The feed of products is off. The next reader switches it on again.',
}

/** The named consumers of the feeds: how far each is, and why it does not get on. */
export const feedPage: PageOf = async ({ api, now, query }) => {
  const read = await api.read(listFeedConsumers, '/feed/consumers')
  if (!read.ok) return refused('Feed', read.reason)
  const consumers = read.value.items
  const body = (
    <>
      <Done query={query} says={DONE} />
      <div class="actions">
        <NewConsumer />
      </div>
      <div data-part="consumers">
        <Consumers consumers={consumers} now={now} />
      </div>
      <h2 id="off">Switch a feed off</h2>
      <p>A feed costs a written row for each change. Without a reader it need not be on.</p>
      <div class="actions">
        {FEEDS.map((feed) => (
          <SwitchOff feed={feed} consumers={consumers.filter((consumer) => consumer.feed === feed)} />
        ))}
      </div>
    </>
  )
  return { title: 'Feed', body, refresh: REFRESH_SECONDS }
}

const NewConsumer = () => (
  <Action
    path="/console/feed/consumers"
    label="Make a consumer"
    says="Its place in the feed is kept here. This switches the feed on, which costs a written row for each change."
  >
    <Field label="Name" name="name" isRequired />
    <Choice label="Feed" name="feed" options={FEEDS} value="orders" />
    <Choice label="It begins" name="at" options={BEGINNINGS} value="oldest" />
    <TypesOfOrders chosen={[]} />
  </Action>
)

export const TypesOfOrders = ({ chosen }: { chosen: readonly string[] }) => (
  <Switches
    legend="Only these events of orders (none chosen: all)"
    name="type"
    options={ORDER_TYPES}
    chosen={chosen}
  />
)

const HEADS = ['Consumer', 'Feed', 'Health', 'Events', 'Behind', 'Lease', 'Last error']

const Consumers = ({ consumers, now }: { consumers: readonly Consumer[]; now: Instant }) =>
  consumers.length === 0 ? (
    <Empty title="No consumer has its place kept here." command="npm run ops -- consumers put NAME" />
  ) : (
    <Table label="Consumers of the feeds" heads={HEADS}>
      {consumers.map((consumer) => (
        <Row consumer={consumer} now={now} />
      ))}
    </Table>
  )

const Row = ({ consumer, now }: { consumer: Consumer; now: Instant }) => {
  const { name, feed, lag, blocked, lastError } = consumer
  return (
    <tr>
      <td>
        <Id href={pathOf('console', 'feed', 'consumers', name)}>{name}</Id>
      </td>
      <td>{feed}</td>
      <td>
        <HealthOf consumer={consumer} />
      </td>
      <td class="num">{lag === undefined ? 'unknown' : lag.events.toLocaleString('en')}</td>
      <td>{lag === undefined ? 'unknown' : spanOf(lag.seconds)}</td>
      <td>
        <Lease consumer={consumer} now={now} />
      </td>
      <td class="wrap">{blocked ?? lastError?.message ?? ''}</td>
    </tr>
  )
}

const TONES: Record<Consumer['health'], Tone> = {
  healthy: 'good',
  retrying: 'warn',
  blocked: 'bad',
  paused: 'off',
}

export const HealthOf = ({ consumer: { health } }: { consumer: Consumer }) => (
  <Status tone={TONES[health]}>{health}</Status>
)

export const Lease = ({ consumer: { lease }, now }: { consumer: Consumer; now: Instant }) =>
  lease === undefined ? (
    <>none yet</>
  ) : (
    <>
      {lease.holder ?? 'no name'}, {Date.parse(lease.expiresAt) > now ? 'ends' : 'ended'}{' '}
      <When at={lease.expiresAt} now={now} />
    </>
  )

const AGAIN: Record<Feed, string> = {
  orders: 'from the oldest order that is kept',
  products: 'with every product',
}

const SwitchOff = ({ feed, consumers }: { feed: Feed; consumers: readonly Consumer[] }) => {
  const blocked =
    consumers.length === 0
      ? ''
      : ` So ${counted(consumers.length, 'consumer is', 'consumers are')} blocked until moved to the oldest.`
  return (
    <Action
      path={`/console/feed/${feed}/off`}
      label={`Switch the feed of ${feed} off`}
      isGrave
      says={`Every older cursor of it is refused afterwards.${blocked} Other readers have to begin anew, ${AGAIN[feed]}. The next reader switches the feed on again.`}
    />
  )
}
