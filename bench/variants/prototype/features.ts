/** The ideas that tell the variants of this prototype apart. Every idea is off in `obvious`. */
export type Features = {
  /** One object has many orders or products, and one call carries all events of a batch. Without it each has its own. */
  partitions: boolean
  /** Many events travel in one message. */
  packed: boolean
  /** A consumer takes 100 messages at a time, not 10. */
  largeBatches: boolean
  /** When D1 is written: with each change, or by an alarm for all rows of a second together. `none` writes no list. */
  lists: 'in the path' | 'by alarm' | 'none'
  /** While a call to an object is under way, the next placements wait and travel together. */
  gathered: boolean
  /** A message is a text that was made once. Without it the platform serialises an object again. */
  text: boolean
  /** A new row needs no due time: the alarm finds it by the time in its id. */
  recentRows: boolean
  /** Hono routes the request, zod checks the body, and the key is compared. */
  checks: boolean
}

/** A feature set is a binding of each Worker, as JSON. */
export type WithFeatures = { FEATURES: Features }
