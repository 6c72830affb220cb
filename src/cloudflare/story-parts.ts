import type { PartReplies, PartReply } from '../contracts/order-story.ts'
import { SECOND_MS } from '../kernel/instant.ts'
import { within } from './within.ts'

/** A part that does not respond in this time is left out of the story: a person waits for the others. */
export const PART_MS_MAX = 4 * SECOND_MS

/** How a Worker reads its parts of an order's story. */
export type PartReaders = Readonly<Record<string, () => Promise<unknown>>>

/** The parts that are asked for and known, each read by itself: one that fails does not fail the others. */
export const readParts = async (readers: PartReaders, parts: readonly string[]): Promise<PartReplies> => {
  const replies = parts.map(async (part) => {
    const read = readers[part]
    return read === undefined ? [] : [[part, await replyOf(part, read)] as const]
  })
  return Object.fromEntries((await Promise.all(replies)).flat())
}

const replyOf = async (part: string, read: () => Promise<unknown>): Promise<PartReply> => {
  try {
    return { value: await within(PART_MS_MAX, `reading ${part}`, read()) }
  } catch (error) {
    return { error: String(error) }
  }
}
