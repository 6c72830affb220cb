export const pauseExample = {
  productId: 'P001',
  reason: 'Recalled.',
  client: 'operator-anna',
  at: '2026-11-28T03:00:00.000Z',
}
