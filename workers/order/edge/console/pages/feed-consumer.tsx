import type { FeedConsumerView as Consumer } from '../../../../../src/contracts/http/feed-consumer-schemas.ts'
import { getFeedConsumer } from '../../../../../src/contracts/http/feed-consumers.ts'
import type { Instant } from '../../../../../src/kernel/instant.ts'
import { MoveConsumer, planMove } from '../feed/move.tsx'
import { Action, Done, refused, spanOf, When } from '../parts.tsx'
import { type PageOf, pathOf } from '../view.ts'
import { HealthOf, Lease, TypesOfOrders } from './feed.tsx'

const REFRESH_SECONDS = 5

const DONE: Readonly<Record<string, string>> = {
  made: 'The consumer is made. A reader can lease it.',
  exists: 'There is a consumer of this name already: this one. Nothing was changed.',
  paused: 'The consumer is paused. What comes meanwhile is delivered after it is resumed.',
  resumed: 'The consumer is resumed.',
  tested: 'A test event is next. It is delivered as soon as the holder has leased again.',
  moved: 'The consumer is moved. Its holder reads on from there.',
  changed: 'The types are changed. They count from the next lease on.',
}

/** One consumer of a feed: how far it is, why it does not get on, and what can be done about it. */
export const feedConsumerPage: PageOf = async ({ api, id, now, query }) => {
  const read = await api.read(getFeedConsumer, pathOf('feed', 'consumers', id))
  if (!read.ok) return refused('Consumer', read.reason)
  const consumer = read.value
  const move = await planMove(api, consumer, query, now)
  const path = pathOf('console', 'feed', 'consumers', id)
  const body = (
    <>
      <Done query={query} says={DONE} />
      <Actions consumer={consumer} path={path} />
      <div class="stack">
        <Facts consumer={consumer} now={now} />
        <MoveConsumer consumer={consumer} path={path} query={query} move={move} />
      </div>
      <p>
        <a class="button" href="/console/feed">
          All consumers
        </a>
      </p>
    </>
  )
  return { title: `Consumer ${consumer.name}`, body, refresh: move === undefined ? REFRESH_SECONDS : 0 }
}

const Actions = ({ consumer, path }: { consumer: Consumer; path: string }) => (
  <div class="actions">
    <PauseOrResume consumer={consumer} path={path} />
    <Action
      path={`${path}/test`}
      label="Send a test"
      says="Its next page is one event of type FeedTested. Its lease ends, so the page that it delivers now comes once more."
    />
    {consumer.feed === 'orders' && (
      <Action
        path={`${path}/types`}
        label="Change the events"
        says="Events of other types are left out from its next lease on."
      >
        <TypesOfOrders chosen={consumer.types ?? []} />
      </Action>
    )}
    <Action
      path={`${path}/remove`}
      label="Remove"
      isGrave
      says="Its place in the feed is forgotten for good. To stop it for a while, pause it."
    />
  </div>
)

const PauseOrResume = ({ consumer: { pausedAt }, path }: { consumer: Consumer; path: string }) =>
  pausedAt === undefined ? (
    <Action
      path={`${path}/pause`}
      label="Pause"
      says="Its holder stops at its next commit. What was delivered and not committed comes again later. Orders go on."
    />
  ) : (
    <Action
      path={`${path}/resume`}
      label="Resume"
      says="It may be leased again, and gets everything since its last commit."
    />
  )

const Facts = ({ consumer, now }: { consumer: Consumer; now: Instant }) => {
  const { feed, types, lag, blocked, failures, lastError, createdAt, committedAt, pausedAt } = consumer
  return (
    <section class="card" data-part="facts">
      <dl class="facts">
        <dt>Health</dt>
        <dd>
          <HealthOf consumer={consumer} /> {blocked}
        </dd>
        <dt>Feed</dt>
        <dd>
          {feed}
          {feed === 'orders' && `: ${types === undefined ? 'all events' : types.join(', ')}`}
        </dd>
        <dt>Behind</dt>
        <dd>
          {lag === undefined
            ? 'unknown'
            : `${lag.events.toLocaleString('en')} ${feed === 'orders' ? 'events' : 'products'}, ${spanOf(lag.seconds)}`}
        </dd>
        <dt>Lease</dt>
        <dd>
          <Lease consumer={consumer} now={now} />
        </dd>
        <dt>Last error</dt>
        <dd>
          {lastError === undefined ? (
            'none'
          ) : (
            <>
              {lastError.message} (<When at={lastError.at} now={now} />, {failures} since its last commit)
            </>
          )}
        </dd>
        <dt>Last commit</dt>
        <dd>{committedAt === undefined ? 'none yet' : <When at={committedAt} now={now} />}</dd>
        {pausedAt !== undefined && (
          <>
            <dt>Paused</dt>
            <dd>
              <When at={pausedAt} now={now} />
            </dd>
          </>
        )}
        <dt>Made</dt>
        <dd>
          <When at={createdAt} now={now} />
        </dd>
      </dl>
    </section>
  )
}
