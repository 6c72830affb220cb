export const auditEntryExample = {
  id: '01m84k9c2r5w8y3n6t4v7x1z0q',
  at: '2026-11-23T14:31:12.056Z',
  kind: 'stock',
  action: 'adjusted',
  subject: 'P001',
  actor: { client: 'warehouse', keyId: '01m84k7d3xj3k0vq1yh6e5b9ra' },
  reason: 'a count',
  outcome: 'done',
  before: { onHand: 1_000, reserved: 3, available: 997 },
  after: { delta: -2, onHand: 998, reserved: 3, available: 995 },
}
