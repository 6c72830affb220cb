export const webhookExample = {
  id: 'wh_01m84cect7ws6kqky32zvfd1pr',
  url: 'https://shop.example/hooks/orders',
  types: ['OrderConfirmed', 'OrderSettled'],
  status: 'enabled',
  client: 'web',
  createdBy: '01m84k7d3xj3k0vq1yh6e5b9ra',
  hears: 'own',
  createdAt: '2026-11-23T14:20:02.255Z',
  updatedAt: '2026-11-23T14:20:02.255Z',
}

export const healthExample = { status: 'healthy', consecutiveFailures: 0, pending: 0, failed: 0 }

export const failingHealthExample = {
  status: 'failing',
  failingSince: '2026-11-23T15:02:11.610Z',
  consecutiveFailures: 9,
  lastError: 'No response within 15 s.',
  nextTryAt: '2026-11-23T15:31:40.002Z',
  pending: 41,
  failed: 3,
}

export const secretExample = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo='

export const deliveryExample = {
  id: 'msg_01m84cect7ws6kqky32zvfd1pr',
  eventId: 'ord_0_01m84cect7ws6kqky32zvfd1pr/OrderSettled',
  type: 'OrderSettled',
  status: 'delivered',
  attempts: 2,
  lastStatus: 204,
  lastTriedAt: '2026-11-23T14:20:09.444Z',
  createdAt: '2026-11-23T14:20:03.120Z',
}

export const pendingDeliveryExample = {
  id: deliveryExample.id,
  eventId: deliveryExample.eventId,
  type: deliveryExample.type,
  status: 'pending',
  attempts: 0,
  nextTryAt: '2026-11-23T14:20:03.120Z',
  createdAt: '2026-11-23T14:20:03.120Z',
}
