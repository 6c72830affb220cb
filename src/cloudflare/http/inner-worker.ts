import type { Caller } from '../../contracts/caller.ts'
import type { Sample } from '../../contracts/metrics.ts'
import type { PartReplies, StoryQuestion } from '../../contracts/order-story.ts'

/** The methods that an inner Worker offers to the edge. */
export type InnerWorker = {
  /** Health and readiness, which need no caller. Every other request gets 401. */
  fetch(request: Request): Promise<Response>
  /** A call of the API for a caller whose key and scope the edge has checked. */
  handle(request: Request, caller: Caller): Promise<Response>
  /** What the Worker, its partitions and its queues count and measure. Shared by all who ask. */
  measure(): Promise<Sample[]>
  /** Its parts of an order's story. The edge has checked that the caller may see the order and the parts. */
  tell(question: StoryQuestion): Promise<PartReplies>
}
