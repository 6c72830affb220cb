const ID = '01m84k7d3xj3k0vq1yh6e5b9ra'

export const key = { id: ID, client: 'web-shop', scopes: ['orders:read', 'orders:write'] }

export const createdKey = { ...key, key: `eo_${ID}_6wq0c5n9xv3t8m2k7j4h1g6f5d0s9a8p7y3r2e1w` }

export const listedKey = {
  ...key,
  createdBy: 'bootstrap',
  createdAt: '2026-11-23T14:20:02.255Z',
  revokedAt: '2026-11-23T15:02:41.017Z',
}

const named = { id: ID, client: 'web-shop', createdBy: 'bootstrap' }

export const revokedKey = {
  id: ID,
  revoked: [named],
  disabled: [{ id: 'wh_01m84cect7ws6kqky32zvfd1pr', client: 'web-shop', createdBy: ID }],
  livesOn: { keys: [], webhooks: [] },
}
