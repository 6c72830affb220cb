import { LIMITS } from './limits.ts'

/** A number that the model needs and that no limit gives. */
type Assumption = { value: number; unit: string; why: string }

/** Our own work for one order, reservation, payment or report within a call. */
const ITEM_MS = 0.15

export const ASSUMPTIONS = {
  itemMs: {
    value: ITEM_MS,
    unit: 'ms',
    why: 'an object’s thread, for each order, reservation, payment or report in a call; a guess on the safe side',
  },
  callMs: {
    value: 1_000 / LIMITS.objectRequests.value - ITEM_MS,
    unit: 'ms',
    why: 'an object’s thread, for each call: a call with one item then takes 1 ms, which is the limit of 1 000 requests a second',
  },
  roundTripMs: {
    value: 5,
    unit: 'ms',
    why: 'a call from a Worker to an object in the same region, with its commit',
  },
  sendMs: { value: 15, unit: 'ms', why: 'a send to a queue, until it is stored' },
  queueMs: { value: 40, unit: 'ms', why: 'from a stored message to its consumer' },
  consumersAtOnce: {
    value: 20,
    unit: 'invocations',
    why: 'consumers of a queue without a backlog, each with what has come so far; Cloudflare starts more where full batches wait, and does not say how fast',
  },
  bankMs: { value: 300, unit: 'ms', why: 'one call to the bank' },
  eventBytes: { value: 480, unit: 'bytes', why: 'one event in a message: 8 events of an order are 3.8 KB' },
  isolateOrders: {
    value: 200,
    unit: 'orders/s',
    why: 'the orders that Cloudflare sends to one isolate; orders are gathered within an isolate only',
  },
  databaseCallMs: {
    value: 5,
    unit: 'ms',
    why: 'one write of a D1 database: Cloudflare says several milliseconds',
  },
  databaseRowMs: { value: 0.02, unit: 'ms', why: 'each row in it, with its index entries' },
  cpuMs: { value: 2, unit: 'ms', why: 'processor time of the Workers for one order' },
  spansOfAnOrder: {
    value: 10,
    unit: 'spans',
    why: 'of an order, in calls that it shares with others; counted',
  },
  spansOfACall: { value: 9, unit: 'spans', why: 'of one call of an object, with its statements; counted' },
  spanBytes: { value: 500, unit: 'bytes', why: 'one span; Cloudflare does not say' },
  logBytes: { value: 1_000, unit: 'bytes', why: 'one log entry of an invocation; Cloudflare does not say' },
  orderBytes: {
    value: 4_700,
    unit: 'bytes',
    why: 'one order in its partition, with its history; measured over 300 orders',
  },
  listBytes: {
    value: 1_500,
    unit: 'bytes',
    why: 'one order in the database of the order list, with its indexes; an estimate',
  },
  paymentBytes: { value: 600, unit: 'bytes', why: 'one payment in its partition; measured over 300 orders' },
  stockBytes: {
    value: 300,
    unit: 'bytes',
    why: 'one reservation in its partition; measured over 300 orders',
  },
} as const satisfies Record<string, Assumption>

export const assumed = (name: keyof typeof ASSUMPTIONS): number => ASSUMPTIONS[name].value
