import { ORDER_ID } from './orders.ts'

export const putProductExample = { name: 'Desk Lamp', unitPrice: 50, currency: 'USD' }

export const productExample = { productId: 'P001', ...putProductExample }

export const adjustStockExample = { delta: 100, reason: 'receipt' }

export const levelExample = {
  productId: 'P001',
  onHand: 1_098,
  reserved: 3,
  available: 1_095,
  updatedAt: '2026-11-23T14:20:02.352Z',
}

export const movementExample = {
  kind: 'commit',
  quantity: 2,
  orderId: ORDER_ID,
  at: '2026-11-23T14:20:02.352Z',
}
