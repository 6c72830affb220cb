import type { z } from 'zod'
import { resendDeliveries } from '../../../../../src/contracts/http/deliveries.ts'
import { HOUR_MS, toTimestamp } from '../../../../../src/kernel/instant.ts'
import type { Answer, Api } from '../api.ts'
import { Action, Choice, counted, Hidden, ProblemCard } from '../parts.tsx'
import { pathOf } from '../view.ts'

/** How far back a bulk resend may begin. Deliveries are kept for seven days. */
const HOURS = [
  { value: '1', text: 'the last hour' },
  { value: '6', text: 'the last 6 hours' },
  { value: '24', text: 'the last day' },
  { value: '192', text: 'all that are kept' },
]
const HOURS_DEFAULT = '24'
const RESENT = [
  { value: 'failed', text: 'were given up' },
  { value: 'pending', text: 'wait for a later attempt' },
]

/** What a bulk resend would send: the filter, and the dry run with it. */
type Plan = {
  filter: { since: string; until: string; status: string }
  reply: Answer<z.infer<typeof bulkResend>>
}

const bulkResend = resendDeliveries.route.responses[200].content['application/json'].schema

/** Asks for a dry run of what the operator has chosen to send again. Undefined until there is a choice. */
export const planResend = async (
  api: Api,
  id: string,
  query: URLSearchParams,
  now: number,
): Promise<Plan | undefined> => {
  const status = query.get('resend')
  if (status === null) return undefined
  const hours = HOURS.find(({ value }) => value === query.get('hours'))?.value ?? HOURS_DEFAULT
  const filter = { since: toTimestamp(now - Number(hours) * HOUR_MS), until: toTimestamp(now), status }
  const reply = await api.post(resendDeliveries, pathOf('webhooks', id, 'resend'), {
    ...filter,
    dryRun: true,
  })
  return { filter, reply }
}

type ResendProps = { path: string; query: URLSearchParams; plan: Plan | undefined }

/** The form of a bulk resend, and what it would send once the operator has asked. */
export const Resend = ({ path, query, plan }: ResendProps) => (
  <section class="card" id="resend">
    <h2>Send many again</h2>
    <form class="filters" action={`${path}#resend`}>
      <Choice
        label="Deliveries of"
        name="hours"
        options={HOURS}
        value={query.get('hours') ?? HOURS_DEFAULT}
      />
      <Choice label="that" name="resend" options={RESENT} value={plan?.filter.status} />
      <button type="submit">Count them</button>
    </form>
    {plan !== undefined && <Counted path={path} plan={plan} />}
  </section>
)

const Counted = ({ path, plan: { filter, reply } }: { path: string; plan: Plan }) => {
  if (!reply.ok) return <ProblemCard problem={reply.reason} />
  const { count, hasMore } = reply.value
  if (count === 0) return <p role="status">No delivery is like that: there is nothing to send again.</p>
  return (
    <>
      <p role="status">
        {counted(count, 'delivery', 'deliveries')}
        {hasMore && ' or more'} would be sent again, each under its own id.
      </p>
      <Action
        path={`${path}/resend`}
        label="Send them again"
        says="The oldest go first, a thousand with one click. They wait for free connections to the address."
      >
        <Hidden of={filter} />
      </Action>
    </>
  )
}
