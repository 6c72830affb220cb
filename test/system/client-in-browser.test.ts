import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { build } from 'esbuild'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createClient, orThrow } from '../../packages/client/src/index.ts'
import { type System, startSystem } from '../support/harness.ts'
import { type InstalledClient, installClient } from '../support/installed-client.ts'
import { openShop } from '../support/shop.ts'

/** Debian's package `chromium`. */
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

let shop: InstalledClient
let pages: Server
let origin: string
let system: System
let browser: Browser

beforeAll(async () => {
  shop = await installClient()
  const script = await bundled()
  pages = createServer(({ url = '' }, response) => {
    response.setHeader('content-type', url === '/page.js' ? 'text/javascript' : 'text/html')
    response.end(url === '/page.js' ? script : PAGE)
  })
  origin = await listening(pages)
  system = await startSystem({ order: { vars: { CORS_ORIGINS: origin } } })
  await openShop(system).stock('P001', 10)
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
})

afterAll(async () => {
  await browser.close()
  await system.close()
  pages.close()
  await shop.remove()
})

it("a customer's page, bundled with the package, watches the order over CORS until it is settled", async () => {
  const url = new URL(await system.address()).origin
  const placed = createClient({ url, key: 'test-admin-key' }).placeOrder(SLOW)
  const { orderId, readToken } = await orThrow(placed)
  const page = await browser.newPage()
  const faults: string[] = []
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  page.on('pageerror', (error) => faults.push(error.message))
  await page.goto(`${origin}/?${new URLSearchParams({ url, orderId, token: readToken ?? '' })}`)
  await page.getByText('captured', { exact: true }).waitFor()
  expect(await page.locator('li').allTextContents()).toEqual([
    'OrderPlaced',
    expect.stringMatching(/^(StockReserved|PaymentAuthorized)$/),
    expect.stringMatching(/^(StockReserved|PaymentAuthorized)$/),
    'OrderConfirmed',
    expect.stringMatching(/^(StockCommitted|PaymentCaptured)$/),
    expect.stringMatching(/^(StockCommitted|PaymentCaptured)$/),
    'OrderSettled',
  ])
  expect(faults).toEqual([])
})

const SLOW = { items: [{ productId: 'P001', quantity: 1 }], payment: { token: 'pm_sim_slow' } }

const PAGE =
  '<!doctype html><title>Your order</title><ol></ol><p></p><script type="module" src="/page.js"></script>'

const SCRIPT = `import { createClient } from '@edge-orders/client'

const { url, orderId, token } = Object.fromEntries(new URLSearchParams(location.search))
const shop = createClient({ url, token })
for await (const { type } of shop.watchOrder(orderId)) {
  const line = document.createElement('li')
  line.textContent = type
  document.querySelector('ol').append(line)
}
const { data, error } = await shop.GET('/orders/{orderId}', { params: { path: { orderId } } })
document.querySelector('p').textContent = error ? error.code : data.payment.status
`

/** As a shop's bundler would do it: the package is found by its name. */
const bundled = async (): Promise<string> => {
  await shop.write({ 'page.js': SCRIPT })
  const { outputFiles } = await build({
    entryPoints: [join(shop.folder, 'page.js')],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

const listening = (server: Server): Promise<string> =>
  new Promise((resolve, reject) => {
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (typeof address === 'object' && address !== null) resolve(`http://127.0.0.1:${address.port}`)
    })
  })
