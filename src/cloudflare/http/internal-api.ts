import { WorkerEntrypoint } from 'cloudflare:workers'
import type { Env, Hono } from 'hono'
import { callerSchema } from '../../contracts/caller.ts'
import type { Sample } from '../../contracts/metrics.ts'
import { type PartReplies, type StoryQuestion, storyQuestionSchema } from '../../contracts/order-story.ts'
import { createSharedMeasure } from '../metrics.ts'
import { type PartReaders, readParts } from '../story-parts.ts'
import type { InnerWorker } from './inner-worker.ts'

/** What an inner Worker answers to the edge beside the calls of the API. */
type Answers<Bindings> = {
  measure(env: Bindings): Promise<Sample[]>
  /** How it reads its parts of an order's story. */
  story(env: Bindings, question: StoryQuestion): PartReaders
}

/**
 * The entrypoint of an inner Worker that the edge is bound to. A service binding reaches it by name. No HTTP request
 * reaches it, not even one to the Worker's own port. So the caller that comes with `handle` was verified by the edge.
 */
export const createInternalApi = <Bindings extends object, E extends Env & { Bindings: Bindings }>(
  app: Pick<Hono<E>, 'fetch'>,
  answers: Answers<Bindings>,
) => {
  const share = createSharedMeasure()
  return class extends WorkerEntrypoint<Bindings> implements InnerWorker {
    override async fetch(request: Request): Promise<Response> {
      return await app.fetch(request, this.env, this.ctx)
    }

    async handle(request: Request, caller: unknown): Promise<Response> {
      const env = { ...this.env, caller: callerSchema.parse(caller) }
      return await app.fetch(request, env, this.ctx)
    }

    async measure(): Promise<Sample[]> {
      return await share(
        () => answers.measure(this.env),
        (result) => this.ctx.waitUntil(result),
      )
    }

    async tell(question: unknown): Promise<PartReplies> {
      const asked = storyQuestionSchema.parse(question)
      return await readParts(answers.story(this.env, asked), asked.parts)
    }
  }
}
