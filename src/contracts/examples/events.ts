export const plainEventExample = {
  eventType: 'OrderPlaced',
  orderId: '12345',
  items: [
    { productId: 'P001', quantity: 2 },
    { productId: 'P002', quantity: 1 },
  ],
  totalAmount: 150,
  timestamp: '2023-10-05T12:00:00Z',
}

export const cloudEventExample = {
  specversion: '1.0',
  id: 'web-77/OrderPlaced',
  source: '/webshop',
  type: 'OrderPlaced',
  schemaversion: 2,
  subject: 'web-77',
  time: '2026-11-23T14:20:02.255Z',
  data: {
    orderId: 'web-77',
    items: [{ productId: 'P001', quantity: 1 }],
    totalAmount: 50,
    currency: 'USD',
    payment: { token: 'pm_card_visa' },
    customerId: 'cust_1',
  },
}

export const acceptedExample = { accepted: ['12345'] }
