export const stockAlertExample = {
  id: 'P001/StockDepleted/12',
  productId: 'P001',
  type: 'StockDepleted',
  available: 0,
  at: '2026-11-23T14:20:02.352Z',
}
