import type { FeedConsumerView as Consumer } from '../../../../../src/contracts/http/feed-consumer-schemas.ts'
import { getOrder } from '../../../../../src/contracts/http/orders.ts'
import type { Problem } from '../../../../../src/contracts/http/problem.ts'
import { type Instant, parseTimestamp } from '../../../../../src/kernel/instant.ts'
import { type Result, refusal, success } from '../../../../../src/kernel/result.ts'
import type { Api } from '../api.ts'
import { Action, Choice, Field, Hidden, ProblemCard } from '../parts.tsx'
import { pathOf, timestampOf } from '../view.ts'
import { type Place, planOf } from './move-plan.ts'

const PLACES = [
  { value: 'oldest', text: 'the oldest' },
  { value: 'now', text: 'now' },
]
const PLACES_OF_ORDERS = [
  ...PLACES,
  { value: 'time', text: 'a time (UTC)' },
  { value: 'order', text: 'when an order was placed' },
]

/** Where to, as the API takes it, and what happens then. */
type Move = { start: Readonly<Record<string, string>>; plan: string }

/** A text: what is wrong with what the operator wrote. */
type PlannedMove = Result<Move, Problem | string>

/** Works out what a move to the chosen place would do. Undefined until there is a choice. */
export const planMove = async (
  api: Api,
  consumer: Consumer,
  query: URLSearchParams,
  now: Instant,
): Promise<PlannedMove | undefined> => {
  const to = query.get('to')
  if (to === null) return undefined
  const found = await placeOf(api, to, query.get('place')?.trim() ?? '')
  if (!found.ok) return found
  const { start, place } = found.value
  return success({ start, plan: planOf(consumer, place, now) })
}

type Found = { start: Readonly<Record<string, string>>; place: Place }

const placeOf = async (api: Api, to: string, text: string): Promise<Result<Found, Problem | string>> => {
  if (to === 'order') return await placeOfOrder(api, text)
  if (to === 'time') return placeOfTime(text)
  const at = to === 'now' ? 'now' : 'oldest'
  return success({ start: { at }, place: { at } })
}

const placeOfOrder = async (api: Api, orderId: string): Promise<Result<Found, Problem | string>> => {
  if (orderId === '') return refusal('Write the id of the order.')
  const order = await api.read(getOrder, pathOf('orders', orderId))
  if (!order.ok) return order
  return success({ start: { orderId: order.value.orderId }, place: { time: order.value.placedAt } })
}

const placeOfTime = (text: string): Result<Found, string> => {
  const time = timestampOf(text)
  return parseTimestamp(time) === undefined
    ? refusal('Write the time as 2026-11-28 14:00. It is in UTC.')
    : success({ start: { time }, place: { time } })
}

type MoveProps = { consumer: Consumer; path: string; query: URLSearchParams; move: PlannedMove | undefined }

/** Chooses where a consumer goes on. What would be sent again and left out is told before it is moved. */
export const MoveConsumer = ({ consumer, path, query, move }: MoveProps) => (
  <section class="card" id="move">
    <h2>Move it</h2>
    <form class="filters" action={`${path}#move`}>
      <Choice
        label="To"
        name="to"
        options={consumer.feed === 'orders' ? PLACES_OF_ORDERS : PLACES}
        value={query.get('to') ?? undefined}
      />
      {consumer.feed === 'orders' && (
        <Field label="Time or order id" name="place" value={query.get('place') ?? ''} />
      )}
      <button type="submit">Look</button>
    </form>
    {move !== undefined && <Planned path={path} move={move} />}
  </section>
)

const Planned = ({ path, move }: { path: string; move: PlannedMove }) => {
  if (!move.ok) {
    return typeof move.reason === 'string' ? (
      <p role="alert">{move.reason}</p>
    ) : (
      <ProblemCard problem={move.reason} />
    )
  }
  const { start, plan } = move.value
  return (
    <>
      <p role="status">{plan}</p>
      <Action
        path={`${path}/move`}
        label="Move it"
        isGrave
        says={`${plan} Its lease ends, and its holder reads on from the new place.`}
      >
        <Hidden of={start} />
      </Action>
    </>
  )
}
