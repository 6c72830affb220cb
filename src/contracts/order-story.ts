import { z } from 'zod'
import { callerSchema, type Scope } from './caller.ts'

/** What an order's story needs from the other services: which Worker has the part, and the scope that shows it. */
export const STORY_PARTS = {
  payment: { worker: 'payment', scope: 'payments:read' },
  bank: { worker: 'payment', scope: 'payments:read' },
  stock: { worker: 'inventory', scope: 'inventory:read' },
  deliveries: { worker: 'operations', scope: 'orders:read' },
  deadLetters: { worker: 'operations', scope: 'operations' },
  audit: { worker: 'operations', scope: 'operations' },
} as const satisfies Record<string, { worker: 'inventory' | 'payment' | 'operations'; scope: Scope }>

export type StoryPart = keyof typeof STORY_PARTS

export const STORY_PART_NAMES = Object.keys(STORY_PARTS) as StoryPart[]

/** How many deliveries, dead letters and audit entries a story shows at most; the newest. */
export const STORY_ITEMS_MAX = 100

export const storyQuestionSchema = z.object({
  /** The order's unique id. The edge has checked that the caller may see the order. */
  orderId: z.string(),
  currency: z.string(),
  productIds: z.array(z.string()),
  caller: callerSchema,
  parts: z.array(z.string()),
})

/** What the edge asks a Worker about one order. A Worker of another version may not know all parts. */
export type StoryQuestion = z.infer<typeof storyQuestionSchema>

/** A part as its Worker has it, or why the Worker could not read it. */
export const partReplySchema = z.union([z.object({ error: z.string() }), z.object({ value: z.unknown() })])

export type PartReply = z.infer<typeof partReplySchema>

export type PartReplies = Record<string, PartReply>
