import { z } from 'zod'
import { MARK } from './mark.ts'
import type { OutgoingMessage } from './ports.ts'

/** An event of a feed. Attributes that a later release adds pass through. */
export const feedEventSchema = z
  .looseObject({
    id: z.string(),
    type: z.string(),
    partitionkey: z.string(),
    datacontenttype: z.string().optional(),
    data: z.unknown(),
  })
  .meta({ description: 'What a bridge needs to know of an event.' })

export type FeedEvent = z.infer<typeof feedEventSchema>

/** The event with the mark, in both forms of CloudEvents. */
export const outgoingMessage = (event: FeedEvent): OutgoingMessage => {
  const marked = { ...event, ...MARK }
  const { data, datacontenttype: _, ...attributes } = marked
  return {
    id: event.id,
    type: event.type,
    key: event.partitionkey,
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)])),
    data: JSON.stringify(data),
    structured: JSON.stringify(marked),
  }
}
