import { type Client, type components, orThrow } from '../../packages/client/src/index.ts'
import { LAWS } from '../../src/contracts/laws.ts'
import type { Command } from './command.ts'

type Audit = components['schemas']['Audit']

/** Breaches that the response keeps for each law. The drift counts all of them. */
const BROKEN_MAX = 1_000

export const BOOKS_COMMANDS: Record<string, Command> = {
  audit: async (api) => {
    const response = await readAudit(api)
    const { laws, checked } = response
    const rows = laws.flatMap(({ name, drift, broken }) => [
      [drift === 0 ? 'holds' : 'BROKEN', name, `drift ${drift}`, LAWS[name]],
      ...broken.map(({ id, what, expected, actual, currency = '' }) => [
        ...['', id, what, `expected ${expected} ${currency}`.trim(), `found ${actual} ${currency}`.trim()],
      ]),
    ])
    const note = `${counted(checked)}${checked.unread > 0 ? ` The bank did not tell of ${checked.unread} payments: try again.` : ''}`
    const isBroken = laws.some(({ drift }) => drift > 0)
    return { rows, note, response, isIncomplete: isBroken || checked.unread > 0 }
  },
}

const counted = ({ products, orders, payments, underWay }: Audit['checked']): string =>
  `Checked ${products} products, ${orders} orders (${underWay} under way), and ${payments} payments with the bank.`

/** All pages, added up. The progress goes to standard error. */
const readAudit = async (api: Client): Promise<Omit<Audit, 'nextCursor'>> => {
  let sum: Audit | undefined
  let cursor: string | undefined
  do {
    const query = cursor === undefined ? {} : { cursor }
    const page: Audit = await orThrow(api.GET('/audit', { params: { query } }))
    sum = sum === undefined ? page : addUp(sum, page)
    cursor = page.nextCursor
    if (cursor !== undefined) console.error(counted(sum.checked))
  } while (cursor !== undefined)
  const { nextCursor: _none, ...whole } = sum
  return whole
}

const addUp = (one: Audit, other: Audit): Audit => ({
  laws: one.laws.map((law, nth) => ({
    ...law,
    drift: law.drift + (other.laws[nth]?.drift ?? 0),
    broken: [...law.broken, ...(other.laws[nth]?.broken ?? [])].slice(0, BROKEN_MAX),
  })),
  checked: {
    products: one.checked.products + other.checked.products,
    orders: one.checked.orders + other.checked.orders,
    payments: one.checked.payments + other.checked.payments,
    underWay: one.checked.underWay + other.checked.underWay,
    unread: one.checked.unread + other.checked.unread,
  },
})
