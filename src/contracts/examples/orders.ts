/** One order's story, told by all examples: placed, confirmed, settled, refunded in part. */
export const ORDER_ID = 'ord_0_01m84cect7ws6kqky32zvfd1pr'

export const placeOrderExample = {
  items: [
    { productId: 'P001', quantity: 2 },
    { productId: 'P002', quantity: 1 },
  ],
  totalAmount: 150,
  currency: 'USD',
  customerId: 'cust_1',
  reference: 'web-1001',
  payment: { token: 'pm_card_visa' },
  metadata: { channel: 'web' },
}

const asked = {
  orderId: ORDER_ID,
  currency: 'USD',
  totalAmount: 150,
  items: [
    { productId: 'P001', quantity: 2, unitPrice: 50, amount: 100 },
    { productId: 'P002', quantity: 1, unitPrice: 50, amount: 50 },
  ],
  customerId: 'cust_1',
  reference: 'web-1001',
  metadata: { channel: 'web' },
  placedAt: '2026-11-23T14:20:02.255Z',
}

export const pendingOrderExample = {
  ...asked,
  status: 'pending',
  version: 1,
  inventory: { status: 'pending' },
  payment: { status: 'pending', capturedAmount: 0, refundedAmount: 0 },
}

export const decidedOrderExample = {
  ...asked,
  status: 'confirmed',
  version: 4,
  inventory: { status: 'reserved' },
  payment: { status: 'authorized', capturedAmount: 0, refundedAmount: 0 },
  decidedAt: '2026-11-23T14:20:02.345Z',
}

export const settledOrderExample = {
  ...decidedOrderExample,
  version: 7,
  inventory: { status: 'committed' },
  payment: { status: 'captured', capturedAmount: 150, refundedAmount: 0 },
  settledAt: '2026-11-23T14:20:02.374Z',
}

export const cancelOrderExample = { reason: 'changed my mind' }

export const cancelledOrderExample = {
  ...settledOrderExample,
  status: 'cancelled',
  version: 12,
  inventory: { status: 'released' },
  payment: { status: 'refunded', capturedAmount: 150, refundedAmount: 150 },
  reason: { code: 'cancelled_by_client', detail: 'changed my mind' },
  decidedAt: '2026-11-23T14:20:09.401Z',
  settledAt: '2026-11-23T14:20:09.446Z',
}

export const cancellingOrderExample = {
  ...asked,
  status: 'cancelled',
  version: 9,
  inventory: { status: 'committed' },
  payment: { status: 'captured', capturedAmount: 150, refundedAmount: 20.5 },
  reason: { code: 'cancelled_by_client', detail: 'changed my mind' },
  decidedAt: '2026-11-23T14:20:09.401Z',
}

export const orderPlacedEventExample = {
  specversion: '1.0',
  id: `${ORDER_ID}/OrderPlaced`,
  source: '/order',
  type: 'OrderPlaced',
  schemaversion: 2,
  subject: ORDER_ID,
  time: '2026-11-23T14:20:02.255Z',
  datacontenttype: 'application/json',
  revision: 1,
  correlationid: ORDER_ID,
  traceparent: '00-16d8fe903483a4d2a8dd65bf491ea84d-7d416f4113cf5ce1-01',
  hops: 0,
  data: {
    orderId: ORDER_ID,
    items: asked.items,
    totalAmount: 150,
    currency: 'USD',
    client: 'bootstrap',
    customerId: 'cust_1',
  },
}

/** One event of the live stream. */
export const orderEventStreamExample = `retry: 2000

id: ${orderPlacedEventExample.id}
event: ${orderPlacedEventExample.type}
data: ${JSON.stringify(orderPlacedEventExample)}

`

export const readTokenExample = { readToken: 'rt_mi3rmo0f.WnLk2wq3ZxC0b7gHk5oJ8sQd1fTy4uRi6aPe9mVcB2X' }
