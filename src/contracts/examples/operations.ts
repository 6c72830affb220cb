export const deadLetterExample = {
  id: 'dl_2ff431193bfe24ae2b1e2b68',
  queue: 'inventory-inbox',
  consumer: 'inventory',
  reason: 'newer_version',
  error: 'OrderPlaced has version 99; this consumer knows up to 2.',
  attempts: 1,
  times: 1,
  event: {
    specversion: '1.0',
    id: 'web-77/OrderPlaced',
    source: '/webshop',
    type: 'OrderPlaced',
    schemaversion: 99,
    subject: 'web-77',
    time: '2026-11-23T12:00:00.000Z',
    data: { orderId: 'web-77' },
  },
  orderId: 'web-77',
  firstSeenAt: '2026-11-23T14:21:06.514Z',
  lastSeenAt: '2026-11-23T14:21:07.522Z',
  status: 'open',
}

export const validationExample = {
  schema: '/schemas/OrderPlaced/2.json',
  errors: [{ path: '/schemaversion', message: 'OrderPlaced has version 99; this consumer knows up to 2.' }],
}

export const letterGroupExample = {
  queue: 'inventory-inbox',
  reason: 'newer_version',
  error: 'OrderPlaced has version * this consumer knows up to *',
  letters: 14,
  firstSeenAt: '2026-11-23T14:21:06.514Z',
  lastSeenAt: '2026-11-23T14:26:41.902Z',
  sampleId: 'dl_2ff431193bfe24ae2b1e2b68',
}

const ready = { ready: true, problems: [] }

export const readinessExample = {
  ready: true,
  workers: { order: ready, inventory: ready, payment: ready, operations: ready },
}

export const unreadinessExample = {
  ready: false,
  workers: {
    ...readinessExample.workers,
    payment: { ready: false, problems: ['PAYMENT_GATEWAY is missing: name one of simulator'] },
  },
}
