import type { Order } from '../../../src/order/order.ts'
import type { ReceivedResponse } from '../clients/client-records.ts'
import type { System } from '../system/system.ts'
import type { Stored } from './stored.ts'
import type { Violated } from './violated.ts'

const INVARIANT = 'a response stays true'
const ONCE = 'a request repeated under its key is done once'

type Scene = {
  stored: Stored
  adjustments: readonly string[]
  refuses(orderId: string): string | undefined
  violated: Violated
}

/** At rest each response that a client received is true, and its request was done once. */
export const checkResponses = (
  responses: readonly ReceivedResponse[],
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
  for (const response of responses) checkResponse(response, { stored, adjustments, refuses, violated })
}

/** The tag that its client gave it: the reference, or the customer where an event placed it. */
const tagOf = (order: Order | undefined): string | undefined => order?.reference ?? order?.customerId

/** Two orders of one batch are numbered. */
const isTagged = (order: Order, tag: string): boolean =>
  tagOf(order) === tag || (tagOf(order)?.startsWith(`${tag}-`) ?? false)

const checkOnce = (tags: readonly string[], violated: Violated): void => {
  const twice = tags.find((tag, index) => tags.indexOf(tag) !== index)
  if (twice !== undefined) violated(ONCE, `${twice} was done more than once`)
}

const checkResponse = (response: ReceivedResponse, scene: Scene): void => {
  const { stored, adjustments, violated } = scene
  const order = 'orderId' in response ? stored.orders.get(response.orderId)?.order : undefined
  switch (response.kind) {
    case 'order':
      if (tagOf(order) !== response.tag)
        violated(INVARIANT, `${response.orderId}, ${response.tag}, is not stored`)
      break
    case 'cancellation':
      if (order?.status !== 'cancelled') violated(INVARIANT, `${response.orderId} is not cancelled`)
      break
    case 'no cancellation':
      if (order?.status !== 'rejected') violated(INVARIANT, `${response.orderId} is not rejected`)
      break
    case 'refund':
      checkRefund(response, scene)
      break
    case 'adjustment':
      if (!adjustments.includes(response.tag)) violated(INVARIANT, `${response.tag} is not stored`)
      break
    case 'refused as reused': {
      const isPlaced = [...stored.orders.values()].some((row) => isTagged(row.order, response.tag))
      if (isPlaced) violated(INVARIANT, `${response.tag} was refused and is placed`)
      break
    }
  }
}

const checkRefund = (
  response: ReceivedResponse & { kind: 'refund' },
  { stored, refuses, violated }: Scene,
): void => {
  const { orderId, refundId, tag } = response
  const refunds = stored.payments.get(orderId)?.refunds ?? []
  const refund = refunds.find((each) => each.refundId === refundId)
  if (refund === undefined) violated(INVARIANT, `${refundId} is not stored`)
  if (refund?.state === 'failed' && refuses(orderId) !== 'refund') {
    violated('a refund that was accepted is made', `${refundId} of ${orderId} was refused by the bank`)
  }
  checkOnce(
    refunds.flatMap(({ reason }) => (reason === tag ? [tag] : [])),
    violated,
  )
}
