import type { z } from 'zod'
import { replayEvents } from '../../../../../src/contracts/http/replays.ts'
import { Action, Choice, counted, Done, Empty, Field, Hidden, ProblemCard } from '../parts.tsx'
import { REPLAY_CHOICES, REPLAY_FIELDS, replayAsked } from '../replay/asked-replay.ts'
import { chosen, type PageOf } from '../view.ts'

type Portion = z.infer<
  (typeof replayEvents)['route']['responses'][200]['content']['application/json']['schema']
>

/** Sends events of orders to a service once more. First it only counts. */
export const replaysPage: PageOf = async ({ api, query }) => {
  const asked = chosen(query, REPLAY_FIELDS)
  const { cursor } = chosen(query, ['cursor'])
  const wanted = replayAsked(asked)
  const isOver = query.get('done') !== null && cursor === undefined
  const counts =
    wanted === undefined || isOver
      ? undefined
      : await api.post(replayEvents, '/replays', { ...wanted, ...(cursor && { cursor }), dryRun: true })
  const body = (
    <>
      <Sent query={query} isOver={isOver} />
      <div class="stack">
        <section class="card">
          <p>
            The events keep their ids: a service that has handled them does nothing again, and one that has
            lost them does what is missing.
          </p>
          <Asked asked={asked} />
        </section>
        {counts !== undefined &&
          (counts.ok ? (
            <Counted asked={asked} cursor={cursor} portion={counts.value} />
          ) : (
            <ProblemCard problem={counts.reason} />
          ))}
      </div>
    </>
  )
  return { title: 'Send events again', body, ...(counts?.ok === false && { status: counts.reason.status }) }
}

const Asked = ({ asked }: { asked: Readonly<Record<string, string>> }) => (
  <form class="filters" action="/console/replays">
    <Choice label="Events for" name="what" options={REPLAY_CHOICES} value={asked['what'] ?? 'operations'} />
    <Field label="One order" name="orderId" value={asked['orderId'] ?? ''} />
    <Field label="or all placed since (UTC)" name="placedAfter" value={asked['placedAfter'] ?? ''} />
    <Field label="until (UTC)" name="placedBefore" value={asked['placedBefore'] ?? ''} />
    <button type="submit">Count</button>
  </form>
)

const Sent = ({ query, isOver }: { query: URLSearchParams; isOver: boolean }) => {
  const sent = (
    <>
      {counted(Number(query.get('events')), 'event')} of {counted(Number(query.get('orders')), 'order')}{' '}
      {query.get('events') === '1' ? 'was' : 'were'} sent.
      {isOver ? ' That was all.' : ' There are more orders: send the next ones too.'}
    </>
  )
  return <Done query={query} says={{ sent }} />
}

type CountedProps = { asked: Readonly<Record<string, string>>; cursor: string | undefined; portion: Portion }

const Counted = ({ asked, cursor, portion }: CountedProps) => {
  const { orders, events, heldBack, notFound, nextCursor } = portion
  return (
    <section class="card" data-part="counted">
      <h2>If they are sent</h2>
      <p role="status">
        {counted(events, 'event')} of {nextCursor !== undefined && 'the next '}
        {counted(orders, 'order')} would be sent to {portion.to}.
        {heldBack > 0 && ` ${counted(heldBack, 'event')} held back: a repetition might have an effect.`}
        {nextCursor !== undefined && ' More orders follow.'}
      </p>
      {notFound.map((id) => (
        <p>There is no order {id}.</p>
      ))}
      {(events > 0 || nextCursor !== undefined) && (
        <div class="actions">
          <Action
            path="/console/replays"
            label="Send them"
            says="They go to the inbox of that service at once, a hundred orders with one click. For thousands there is the command below, with a rate."
          >
            <Hidden of={{ ...asked, ...(cursor !== undefined && { cursor }) }} />
            <Field label="Reason" name="reason" isRequired />
          </Action>
        </div>
      )}
      <Empty title="The same from the command line, at a rate:" command={commandOf(asked, portion.to)} />
    </section>
  )
}

const commandOf = ({ what = '', orderId, placedAfter }: Readonly<Record<string, string>>, to: string) => {
  const [, type] = what.split(':')
  const orders = orderId === undefined ? `--since ${placedAfter}` : `--order ${orderId}`
  return `npm run ops -- replay --to ${to} ${orders}${type === undefined ? '' : ` --type ${type}`} --dry-run`
}
