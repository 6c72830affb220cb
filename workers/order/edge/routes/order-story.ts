import { createRoutes } from '../../../../src/cloudflare/http/app.ts'
import { problem } from '../../../../src/cloudflare/http/problem.ts'
import { serve } from '../../../../src/cloudflare/http/serve.ts'
import { PART_MS_MAX } from '../../../../src/cloudflare/story-parts.ts'
import { within } from '../../../../src/cloudflare/within.ts'
import { actsForAll, type Caller } from '../../../../src/contracts/caller.ts'
import {
  getOrderStory,
  type OrderStory,
  type PartViews,
  partSchemas,
} from '../../../../src/contracts/http/story.ts'
import {
  partReplySchema,
  STORY_PART_NAMES,
  STORY_PARTS,
  type StoryPart,
  type StoryQuestion,
} from '../../../../src/contracts/order-story.ts'
import type { PublicEvent } from '../../../../src/contracts/public-event.ts'
import type { Log } from '../../../../src/messaging/partition.ts'
import type { OrderView } from '../../../../src/order/order-view.ts'
import type { OrderRoutesEnv } from '../../variables.ts'
import { askInnerWorker, INNER_WORKERS, type InnerWorkerName } from '../inner-workers.ts'

/** `GET /orders/{orderId}/story`: what all services have about one order. */
export const orderStoryRoutes = (log: Log) => {
  const app = createRoutes<OrderRoutesEnv>()

  serve(app, getOrderStory, async (c) => {
    const { orderId, caller, traceId } = c.var
    const partition = c.var.orderPartitions.of(orderId)
    const [order, events]: [OrderView | undefined, PublicEvent[] | undefined] = await Promise.all([
      partition?.get(orderId, caller),
      partition?.events(orderId, caller),
    ])
    if (order === undefined || events === undefined) {
      const detail = `There is no order ${c.req.valid('param').orderId}.`
      return problem(c, 'order_not_found', { detail })
    }
    const about = {
      orderId,
      currency: order.currency,
      productIds: order.items.map(({ productId }) => productId),
      caller,
    }
    const { views, unread } = await readAllParts(c.env, about, (part, error) =>
      log('warn', 'a part of an order could not be read', { orderId, part, error, traceId }),
    )
    const story: OrderStory = { order, events, ...views, unread }
    return c.json(story, 200)
  })

  return app
}

type Unread = OrderStory['unread'][number]

type OnFailure = (part: StoryPart, error: string) => void

/** Each Worker is asked once, for the parts that the caller may see. */
const readAllParts = async (
  env: OrderEnv,
  about: Omit<StoryQuestion, 'parts'>,
  onFailure: OnFailure,
): Promise<{ views: Partial<PartViews>; unread: Unread[] }> => {
  const allowed = STORY_PART_NAMES.filter((part) => maySee(about.caller, part))
  const replies = await Promise.all(
    INNER_WORKERS.map((worker) => {
      const parts = allowed.filter((part) => STORY_PARTS[part].worker === worker)
      return parts.length === 0 ? {} : askWorker(env, worker, { ...about, parts })
    }),
  )
  const all: Record<string, unknown> = Object.assign({}, ...replies)
  const views: Record<string, unknown> = {}
  const unread: Unread[] = STORY_PART_NAMES.filter((part) => !maySee(about.caller, part)).map(forbidden)
  for (const part of allowed) {
    const read = readReply(part, all[part])
    if ('view' in read) views[part] = read.view
    else {
      onFailure(part, read.error)
      unread.push(unavailable(part, actsForAll(about.caller) ? read.error : undefined))
    }
  }
  return { views, unread }
}

const maySee = ({ scopes }: Caller, part: StoryPart): boolean => scopes.includes(STORY_PARTS[part].scope)

/** Where the whole Worker does not respond, none of its parts can be read. */
const askWorker = async (
  env: OrderEnv,
  worker: InnerWorkerName,
  question: StoryQuestion,
): Promise<Record<string, unknown>> => {
  try {
    const asked = askInnerWorker(env, worker, question)
    return { ...((await within(PART_MS_MAX, `asking the ${worker} Worker`, asked)) as object) }
  } catch (error) {
    return Object.fromEntries(question.parts.map((part) => [part, { error: String(error) }]))
  }
}

/** A Worker of another version may leave a part out, or show it in a form that this one does not know. */
const readReply = (part: StoryPart, reply: unknown): { view: unknown } | { error: string } => {
  const parsed = partReplySchema.safeParse(reply)
  if (!parsed.success) return { error: `The ${STORY_PARTS[part].worker} Worker has another version.` }
  if ('error' in parsed.data) return { error: parsed.data.error }
  const view = partSchemas[part].safeParse(parsed.data.value)
  return view.success ? { view: view.data } : { error: view.error.message }
}

const forbidden = (part: StoryPart): Unread => ({
  part,
  code: 'forbidden',
  detail: `A key needs the scope ${STORY_PARTS[part].scope} for this part.`,
})

const unavailable = (part: StoryPart, error: string | undefined): Unread => ({
  part,
  code: 'unavailable',
  detail: `The ${STORY_PARTS[part].worker} Worker could not read this part: try again.${error === undefined ? '' : ` ${error}`}`,
})
