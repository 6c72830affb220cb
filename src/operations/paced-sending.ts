/**
 * After how many whole seconds each of `count` messages is to be delivered, so that `rate` of them are delivered in each
 * second. A queue delays a message by whole seconds.
 */
export const delaysSeconds = (count: number, rate: number): number[] =>
  Array.from({ length: count }, (_, nth) => Math.floor(nth / rate))
