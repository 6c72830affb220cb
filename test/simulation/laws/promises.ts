import type { Order } from '../../../src/order/order.ts'
import type { Promised } from '../callers.ts'
import type { System } from '../system.ts'
import type { Stored, Violated } from './stored.ts'

const LAW = 'what was answered is so'
const ONCE = 'a request repeated under its key is done once'

type Scene = {
  stored: Stored
  adjustments: readonly string[]
  refuses(orderId: string): string | undefined
  violated: Violated
}

/** Whatever a caller was told is true in the end, and was done once. */
export const checkPromises = (
  promised: readonly Promised[],
  system: System,
  { stored, refuses, violated }: Omit<Scene, 'adjustments'>,
): void => {
  const adjustments = [...system.stock.values()].flatMap(({ sql }) =>
    sql<{ document: string }>('SELECT document FROM adjustments').map((row) =>
      String(JSON.parse(row.document).reason),
    ),
  )
  checkOnce(
    [...stored.orders.values()].flatMap(({ order }) => tagOf(order) ?? []),
    violated,
  )
  checkOnce(
    adjustments.filter((reason) => reason !== 'receipt'),
    violated,
  )
  for (const promise of promised) checkPromise(promise, { stored, adjustments, refuses, violated })
}

/** What its caller called it: the reference, or the customer where an event placed it. */
const tagOf = (order: Order | undefined): string | undefined => order?.reference ?? order?.customerId

/** Two orders of one batch are numbered. */
const isTagged = (order: Order, tag: string): boolean =>
  tagOf(order) === tag || (tagOf(order)?.startsWith(`${tag}-`) ?? false)

const checkOnce = (tags: readonly string[], violated: Violated): void => {
  const twice = tags.find((tag, index) => tags.indexOf(tag) !== index)
  if (twice !== undefined) violated(ONCE, `${twice} was done more than once`)
}

const checkPromise = (promise: Promised, scene: Scene): void => {
  const { stored, adjustments, violated } = scene
  const order = 'orderId' in promise ? stored.orders.get(promise.orderId)?.order : undefined
  switch (promise.kind) {
    case 'order':
      if (tagOf(order) !== promise.tag) violated(LAW, `${promise.orderId}, ${promise.tag}, is not stored`)
      break
    case 'cancellation':
      if (order?.status !== 'cancelled') violated(LAW, `${promise.orderId} is not cancelled`)
      break
    case 'no cancellation':
      if (order?.status !== 'rejected') violated(LAW, `${promise.orderId} is not rejected`)
      break
    case 'refund':
      checkRefund(promise, scene)
      break
    case 'adjustment':
      if (!adjustments.includes(promise.tag)) violated(LAW, `${promise.tag} is not stored`)
      break
    case 'refused as reused': {
      const isPlaced = [...stored.orders.values()].some((row) => isTagged(row.order, promise.tag))
      if (isPlaced) violated(LAW, `${promise.tag} was refused and is placed`)
      break
    }
  }
}

const checkRefund = (promise: Promised & { kind: 'refund' }, { stored, refuses, violated }: Scene): void => {
  const { orderId, refundId, tag } = promise
  const refunds = stored.payments.get(orderId)?.refunds ?? []
  const refund = refunds.find((each) => each.refundId === refundId)
  if (refund === undefined) violated(LAW, `${refundId} is not stored`)
  if (refund?.state === 'failed' && refuses(orderId) !== 'refund') {
    violated('a refund that was accepted is made', `${refundId} of ${orderId} was refused by the bank`)
  }
  checkOnce(
    refunds.flatMap(({ reason }) => (reason === tag ? [tag] : [])),
    violated,
  )
}
