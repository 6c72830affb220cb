import { busy, everything, lingers, orderPartitions, ours } from './ours.ts'
import type { Features } from './prototype/features.ts'
import { prototypeVariant } from './prototype.ts'
import type { Variant } from './variant.ts'

const OBVIOUS: Features = {
  ...{
    partitions: false,
    packed: false,
    largeBatches: false,
    gathered: false,
    text: false,
    recentRows: false,
  },
  lists: 'in the path',
  checks: true,
}

/** One idea after the other, each on top of the ones before it. */
const IDEAS: readonly (readonly [name: string, summary: string, idea: Partial<Features>])[] = [
  [
    'partitions',
    'one object has all orders or products, and a call carries all events of a batch',
    { partitions: true },
  ],
  ['packed', 'many events in one message', { packed: true }],
  ['batches', 'batches of 100 messages', { largeBatches: true }],
  [
    'lists',
    'D1 is written by an alarm a second, and prices are read every two seconds',
    { lists: 'by alarm' },
  ],
  ['gathered', 'placements wait for the call under way, and travel together', { gathered: true }],
  ['text', 'a message is a text that was made once', { text: true }],
  ['recent', 'a new row needs no due time and no index entry', { recentRows: true }],
]

const featuresUpTo = (count: number): Features =>
  Object.assign({}, OBVIOUS, ...IDEAS.slice(0, count).map(([, , idea]) => idea))

const ablations = IDEAS.map(([name, summary], index) =>
  prototypeVariant(name, `obvious + … + ${summary}`, featuresUpTo(index + 1)),
)

const floor = prototypeVariant('floor', 'the same hops with no checks and no lists', {
  ...featuresUpTo(IDEAS.length),
  lists: 'none',
  checks: false,
})

const obvious = prototypeVariant(
  'obvious',
  'an object per order and per product, one event per message',
  OBVIOUS,
)

/** In the order in which they are measured and printed. */
export const VARIANTS: readonly Variant[] = [
  ...[floor, obvious, ...ablations, ours, everything],
  ...[...lingers, ...orderPartitions, busy],
]
