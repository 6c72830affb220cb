import type { DomainEvent } from '../contracts/events.ts'
import type { FactHandling } from '../messaging/facts.ts'
import { handleFacts } from '../messaging/facts.ts'
import { createLog } from './log.ts'
import { messageSettingsOf } from './message-settings.ts'
import { oncePerEnv } from './once-per-env.ts'
import { createSpanExport } from './otlp-export.ts'
import { createLingeringPublish, createPublisher } from './publisher.ts'
import { consumeBatch, parkOn } from './queue-batch.ts'

/** What the Worker of a subscriber beyond the four services is bound to, beside its own storage. */
export type FactConsumerEnv = { ORDER_INBOX: Queue; DEAD_LETTERS: Queue; DEFAULT_CURRENCY: string }

type Handling<Env, Fact extends DomainEvent> = Pick<FactHandling<Fact>, 'name' | 'isFact'> & {
  store(env: Env, facts: readonly Fact[]): Promise<void>
}

/** The `queue` handler of such a Worker. What it cannot handle becomes a dead letter with its reason. */
export const createFactConsumer = <Env extends FactConsumerEnv, Fact extends DomainEvent>({
  name,
  isFact,
  store,
}: Handling<Env, Fact>) => {
  const log = createLog(name)
  const deploymentOf = oncePerEnv((env: Env) => {
    const settings = messageSettingsOf(env)
    const publisher = createPublisher({ order: env.ORDER_INBOX }, settings)
    return { settings, publish: createLingeringPublish(publisher, Date.now) }
  })
  return async (batch: MessageBatch, env: Env, ctx: ExecutionContext): Promise<void> => {
    const spans = createSpanExport(env, `edge-orders-${name}`)
    const { settings, publish } = deploymentOf(env)
    await consumeBatch(batch, {
      name,
      defaultCurrency: env.DEFAULT_CURRENCY,
      handle: (events) =>
        handleFacts(events, {
          name,
          isFact,
          store: (facts) => store(env, facts),
          publish,
          now: Date.now,
        }),
      park: parkOn(env.DEAD_LETTERS),
      chance: Math.random,
      log,
      eventLog: { share: settings.eventLogShare, now: Date.now },
      spans,
    })
    if (spans !== undefined) ctx.waitUntil(spans.send())
  }
}
