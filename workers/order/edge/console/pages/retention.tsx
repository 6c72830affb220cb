import type { WorkerParts } from '../../../../../src/contracts/http/readiness.ts'
import type { Reading } from '../metrics-reading.ts'
import { counted, Status } from '../parts.tsx'
import { pathOf } from '../view.ts'

/** Where orders go that leave their partition. */
const BUCKET = 'ARCHIVE'

type RetentionProps = { days: number; reading: Reading; parts: WorkerParts | undefined }

/** When settled orders leave for the archive, how many have left, and which consumer keeps some of them. */
export const Retention = ({ days, reading, parts }: RetentionProps) => {
  const isBound = parts?.bindings.some(({ name }) => name === BUCKET) ?? false
  return (
    <section class="card" data-part="retention">
      <h2>Retention</h2>
      <dl class="facts">
        <dt>Orders leave</dt>
        <dd>
          {days === 0 ? 'never: RETENTION_DAYS is 0' : `${counted(days, 'day')} after they were placed`}
        </dd>
        <dt>Archive</dt>
        <dd>
          <Bucket days={days} isBound={isBound} />
        </dd>
        <dt>Left so far</dt>
        <dd>{reading.sum('edge_orders_orders_departed').toLocaleString('en')}</dd>
        <dt>Held back</dt>
        <dd>
          <HeldBack reading={reading} />
        </dd>
      </dl>
    </section>
  )
}

const Bucket = ({ days, isBound }: { days: number; isBound: boolean }) => {
  if (isBound) return <Status tone="good">bucket bound</Status>
  return days === 0 ? (
    <Status tone="off">no bucket</Status>
  ) : (
    <>
      <Status tone="bad">no bucket</Status> Bind a bucket as {BUCKET}: without it no order leaves.
    </>
  )
}

const HELD_BACK = 'edge_orders_orders_held_back'

const HeldBack = ({ reading }: { reading: Reading }) => {
  const consumers = new Set(reading.labelsWhere(HELD_BACK, 'consumer', (orders) => orders > 0))
  if (consumers.size === 0) return <>none</>
  return (
    <>
      {[...consumers].map((consumer) => (
        <div>
          {counted(reading.sum(HELD_BACK, { consumer }), 'order')}, until{' '}
          <a href={pathOf('console', 'feed', 'consumers', consumer)}>{consumer}</a> has them
        </div>
      ))}
    </>
  )
}
