import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium, type Request } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type System, startSystem } from '../support/harness.ts'
import { fencesOf } from '../support/pasted-blocks.ts'
import { openShop } from '../support/shop.ts'

/** Debian's package `chromium`. */
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** As docs/api.md shows it, every line. */
const SAMPLE = fencesOf('docs/api.md')
  .filter(({ heading, language }) => heading === 'Live in the browser' && language === 'js')
  .map(({ text }) => text)
  .join('\n')

let system: System
let shop: ReturnType<typeof openShop>
let browser: Browser

/** The shop's own pages, on another origin than the API. */
const pages = { html: '' }
const pageServer = createServer((_request, response) =>
  response.setHeader('content-type', 'text/html').end(pages.html),
)
let pageOrigin: string

beforeAll(async () => {
  await once(pageServer.listen(0, '127.0.0.1'), 'listening')
  const { port } = pageServer.address() as AddressInfo
  pageOrigin = `http://127.0.0.1:${port}`
  system = await startSystem({ order: { vars: { CORS_ORIGINS: pageOrigin } } })
  shop = openShop(system)
  await shop.stock('P001', 10)
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
})

afterAll(async () => {
  await browser.close()
  await system.close()
  pageServer.close()
})

it.each([
  ['that it is confirmed', 1, 'pm_card_visa', 'OrderConfirmed'],
  ['why its card was declined', 1, 'pm_card_chargeDeclined', 'The card was declined.'],
  ['what was short', 11, 'pm_card_visa', 'P001: 11 requested, 9 available'],
])(
  'a page with the sample says of an order %s, also once it is settled',
  async (_, quantity, token, said) => {
    const { body: order } = await shop.post('/orders', {
      items: [{ productId: 'P001', quantity }],
      payment: { token },
    })
    const { origin } = new URL(await system.address())
    const { orderId, readToken } = order
    const sample = SAMPLE.replaceAll('http://localhost:8787', origin)
    pages.html = `<!doctype html><p id="status"></p>
    <script>const order = ${JSON.stringify({ orderId, readToken })}\n${sample}</script>`
    const page = await browser.newPage()
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(error.message))
    const isStream = (request: Request) => request.url().includes(`/orders/${orderId}/events`)
    const streamEnds = Promise.race([
      page.waitForEvent('requestfinished', isStream),
      page.waitForEvent('requestfailed', isStream),
    ])
    await page.goto(pageOrigin)
    await streamEnds
    expect({ text: await page.textContent('#status'), faults }).toEqual({ text: said, faults: [] })
    expect(await shop.read(orderId)).toHaveProperty('settledAt')
    await page.close()
  },
)
