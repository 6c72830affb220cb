import { ORDER_ID } from './orders.ts'

export const requestRefundExample = { amount: 20.5, reason: 'damaged in transit' }

export const refundExample = {
  refundId: 'rf_01m84cehs4ryabgcajgqkg22t4',
  orderId: ORDER_ID,
  amount: 20.5,
  currency: 'USD',
  status: 'pending',
  reason: 'damaged in transit',
  requestedAt: '2026-11-23T14:20:07.333Z',
}

export const paymentExample = {
  orderId: ORDER_ID,
  status: 'captured',
  currency: 'USD',
  amount: 150,
  capturedAmount: 150,
  refundedAmount: 20.5,
  attempts: 3,
  gatewayReference: `sim_${ORDER_ID}_1`,
  refunds: [{ ...refundExample, status: 'succeeded' }],
  createdAt: '2026-11-23T14:20:02.309Z',
  updatedAt: '2026-11-23T14:20:07.412Z',
}

export const simulatedBooksExample = {
  operations: [
    {
      type: 'authorize',
      amount: 150,
      idempotencyKey: `${ORDER_ID}/authorize/1`,
      outcome: 'succeeded',
      at: '2026-11-23T14:20:02.331Z',
    },
    {
      type: 'capture',
      amount: 150,
      idempotencyKey: `${ORDER_ID}/capture/1`,
      outcome: 'succeeded',
      at: '2026-11-23T14:20:02.366Z',
    },
  ],
  authorizedAmount: 0,
  capturedAmount: 150,
  refundedAmount: 0,
}
