import type { Instant } from '../../../../../src/kernel/instant.ts'
import { Id, State, Status, Table, When } from '../parts.tsx'
import { pathOf } from '../view.ts'
import type { Story } from './story.ts'

/** Dead letters, deliveries to webhooks, and the parts that could not be read. */
export const Related = ({ story, now }: { story: Story; now: Instant }) => (
  <>
    {story.unread.length > 0 && (
      <section class="card">
        <h2>Not shown</h2>
        {story.unread.map(({ part, code, detail }) => (
          <p>
            <Status tone={code === 'forbidden' ? 'off' : 'warn'}>{part}</Status> {detail}
          </p>
        ))}
      </section>
    )}
    {story.deadLetters !== undefined && story.deadLetters.length > 0 && (
      <section class="card">
        <h2>Dead letters</h2>
        <Table label="Dead letters" heads={['Letter', 'State', 'Why', 'Last seen']}>
          {story.deadLetters.map(({ id, status, reason, error, lastSeenAt }) => (
            <tr>
              <td>
                <Id href={`/console/dead-letters?status=${status}#${id}`}>{id}</Id>
              </td>
              <td>
                <State of={status} />
              </td>
              <td class="wrap">
                {reason}: {error}
              </td>
              <td>
                <When at={lastSeenAt} now={now} />
              </td>
            </tr>
          ))}
        </Table>
      </section>
    )}
    {story.deliveries !== undefined && story.deliveries.length > 0 && (
      <section class="card">
        <h2>Webhooks</h2>
        <Table label="Deliveries" heads={['Event', 'State', 'Tries', 'Webhook', 'Made']}>
          {story.deliveries.map(({ webhookId, type, status, attempts, createdAt }) => (
            <tr>
              <td>{type}</td>
              <td>
                <State of={status} />
              </td>
              <td class="num">{attempts}</td>
              <td>
                <Id href={pathOf('console', 'webhooks', webhookId)}>{webhookId}</Id>
              </td>
              <td>
                <When at={createdAt} now={now} />
              </td>
            </tr>
          ))}
        </Table>
      </section>
    )}
  </>
)
