export const productStateExample = {
  ...{ specversion: '1.0', id: 'P001/ProductState/3', source: '/inventory', type: 'ProductState' },
  ...{ schemaversion: 1, subject: 'P001', datacontenttype: 'application/json' },
  data: {
    ...{ productId: 'P001', name: 'Espresso cup', unitPrice: 50, currency: 'USD' },
    ...{ onHand: 100, reserved: 2, available: 98 },
  },
  ...{ partitionkey: 'P001', sequence: '0000000003' },
} as const
