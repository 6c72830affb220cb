/**
 * Every event that goes out has this attribute of CloudEvents, and no message that has it is taken in. Otherwise a bridge
 * that reads the topic which another one writes would place each order again.
 */
export const MARK = { publishedby: 'edge-orders' } as const

export const isMarked = (attributes: Readonly<Record<string, unknown>>): boolean =>
  attributes['publishedby'] === MARK.publishedby
