import { LAW_NAMES } from '../laws.ts'

export const auditExample = {
  laws: LAW_NAMES.map((name) => ({ name, drift: 0, broken: [] })),
  checked: { products: 8, orders: 42, payments: 41, underWay: 1, unread: 0 },
}
