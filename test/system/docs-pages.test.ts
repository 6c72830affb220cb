import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

/** Debian's package `chromium`. */
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

const DESKTOP = { viewport: { width: 1_440, height: 900 }, colorScheme: 'light' } as const
const PHONE = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' } as const

const ORIGIN = 'http://edge-orders.test'

let system: System
let browser: Browser

beforeAll(async () => {
  system = await startSystem()
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
})

afterAll(async () => {
  await browser.close()
  await system.close()
})

describe.each([
  {
    path: '/docs',
    title: 'edge-orders: the HTTP API',
    shown: ['Place an order', '/orders/{orderId}/cancel'],
  },
  {
    path: '/docs/events',
    title: 'edge-orders: the events',
    shown: ['Order receives', 'StockReserved, version 1'],
  },
])('$path', ({ path, title, shown }) => {
  it.each([DESKTOP, PHONE])(
    'shows the document on a screen of $viewport.width pixels, asks no other host for anything, and has no fault',
    async (screen) => {
      const { page, foreign, faults } = await open(path, screen)
      for (const text of shown) {
        await page.getByText(text).filter({ visible: true }).first().waitFor()
      }
      expect(await page.title()).toBe(title)
      expect({ foreign, faults }).toEqual({ foreign: [], faults: [] })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(screen.viewport.width)
      await page.context().close()
    },
  )
})

it('"Test Request" of a fresh page places the order of the example, also after the tour and a second time', async () => {
  const shop = openShop(system)
  await Promise.all([shop.stock('P001', 10), shop.stock('P002', 10)])
  const item = { productId: 'P001', quantity: 1 }
  await shop.post('/orders', { items: [item] }, { 'idempotency-key': 'checkout-7f3a' })
  const page = await browser.newPage(DESKTOP)
  await page.goto(new URL('/docs#tag/orders/POST/orders', await system.address()).href)
  await page.getByPlaceholder('Token').first().fill('test-admin-key')
  await page
    .getByRole('button', { name: /Test Request/ })
    .filter({ visible: true })
    .first()
    .click()
  const send = page.getByRole('button', { name: /^Send/ }).filter({ visible: true }).first()
  const statuses: number[] = []
  for (const _try of [1, 2]) {
    const answer = page.waitForResponse((response) => response.request().method() === 'POST')
    await send.click()
    statuses.push((await answer).status())
  }
  expect(statuses).toEqual([202, 202])
  await page.close()
})

/** A page whose every request is answered by the system under test, or is written down and refused. */
const open = async (path: string, screen: BrowserContextOptions) => {
  const context = await browser.newContext(screen)
  const foreign: string[] = []
  const faults: string[] = []
  await context.route('**', async (route) => {
    const { origin, pathname, protocol } = new URL(route.request().url())
    if (protocol === 'data:' || protocol === 'blob:') return await route.continue()
    if (origin !== ORIGIN) {
      foreign.push(route.request().url())
      return await route.abort()
    }
    const response = await system.fetch(pathname)
    const headers = Object.fromEntries(response.headers)
    await route.fulfill({ status: response.status, headers, body: await response.text() })
  })
  const page = await context.newPage()
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  page.on('pageerror', (error) => faults.push(error.message))
  await page.goto(`${ORIGIN}${path}`)
  return { page, foreign, faults }
}
