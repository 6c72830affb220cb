import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import catalogue from '../../src/contracts/demo-catalogue.json' with { type: 'json' }
import { LAW_NAMES } from '../../src/contracts/laws.ts'
import { act, launchBrowser, signIn } from '../support/console-browser.ts'
import { eventually } from '../support/eventually.ts'
import { type System, startDemo } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

/** A folder for pictures of every page. None are taken without it. */
const PICTURES = process.env['CONSOLE_PICTURES']

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const SCRIPT_BYTES_MAX = 60 * 1_024

const SCREENS = [
  { width: 1_440, height: 900, colorScheme: 'light' },
  { width: 1_440, height: 900, colorScheme: 'dark' },
  { width: 390, height: 844, colorScheme: 'light' },
  { width: 390, height: 844, colorScheme: 'dark' },
] as const

type Screen = (typeof SCREENS)[number]

/** So that the lists and charts in the pictures are not empty. */
const MORE_ORDERS = 12

let system: System
let shop: ReturnType<typeof openShop>
let browser: Browser
let origin: string
let orderId: string
let webhookId: string
let letterId: string

beforeAll(async () => {
  system = await startDemo()
  shop = openShop(system)
  origin = new URL(await system.address()).origin
  browser = await launchBrowser()
  const hook = { url: 'http://127.0.0.1:9/hook', types: ['OrderConfirmed'] }
  webhookId = (await shop.post('/webhooks', hook)).body.id
  await shop.post('/keys', { client: 'web-shop', scopes: ['orders:read', 'orders:write', 'payments:read'] })
  const others = catalogue.slice(3).map(({ productId, unitPrice }) => shop.stock(productId, 9, unitPrice))
  const few = [shop.stock('P001', 40, 50), shop.stock('P002', 3, 12.5), shop.stock('P003', 1, 99)]
  await Promise.all([...few, ...others])
  await shop.post('/inventory/P003/adjustments', { delta: -1, reason: 'a broken one' })
  const lines = [
    { productId: 'P001', quantity: 2 },
    { productId: 'P002', quantity: 1 },
  ]
  const order = {
    items: lines,
    customerId: 'cust_1',
    reference: 'web-1001',
    payment: { token: 'pm_card_visa' },
  }
  orderId = (await shop.post('/orders', order)).body.orderId
  await shop.place([{ productId: 'P003', quantity: 1 }])
  await shop.place([{ productId: 'P001', quantity: 1 }], 'pm_card_declined')
  const more = Array.from({ length: MORE_ORDERS }, () => shop.place([{ productId: 'P001', quantity: 1 }]))
  await Promise.all(more)
  for (const id of ['1', '2']) {
    const event = {
      specversion: '1.0',
      id,
      source: '/shop',
      type: 'OrderPlaced',
      schemaversion: 99,
      subject: id,
    }
    await system.send('inventory-inbox', {
      ...event,
      time: '2026-11-23T12:00:00.000Z',
      data: { orderId: id },
    })
  }
  await shop.settled(orderId)
  const letters = () => shop.call('/dead-letters').then(({ body }) => body.items)
  const [letter] = await eventually(letters, (items) => items.length === 2, { withinMs: 30_000 })
  letterId = letter.id
  await eventually(
    () => shop.call('/orders').then(({ body }) => body.items),
    (items) => items.length === 3 + MORE_ORDERS,
  )
})

afterAll(async () => {
  await browser.close()
  await system.close()
})

describe.each(SCREENS)('on a screen of $width pixels, $colorScheme', (screen) => {
  it('every page is free of faults that axe finds, of errors and of requests to other hosts', async () => {
    const { page, context, foreign, faults } = await open(screen)
    const found = await look(page, 'sign-in', screen)
    await signIn(page)
    for (const [name, path] of Object.entries(pages())) {
      await page.goto(`${origin}${path}`)
      found.push(...(await look(page, name, screen)))
    }
    expect({ found, foreign, faults }).toEqual({ found: [], foreign: [], faults: [] })
    await context.close()
  })
})

it('the first page has no more than 60 KB of script', async () => {
  const { page, context } = await open(SCREENS[0])
  await signIn(page)
  const scripts = await page.evaluate(`[...document.scripts].map((script) => script.src)`)
  const bodies = await Promise.all((scripts as string[]).map((url) => system.fetch(new URL(url).pathname)))
  const texts = await Promise.all(bodies.map((body) => body.text()))
  expect(texts.length).toBe(2)
  expect(texts.reduce((sum, text) => sum + gzipSync(text).length, 0)).toBeLessThan(SCRIPT_BYTES_MAX)
  await context.close()
})

describe.each([SCREENS[0], SCREENS[3]])('the actions on a screen of $width pixels', (screen) => {
  it('are carried out, each after a confirmation', async () => {
    const { page, context, foreign, faults } = await open(screen)
    await signIn(page)
    await page.goto(`${origin}/console/inventory`)
    const product = `K${screen.width}`
    await act(page, 'New product', { Id: product, Name: 'Kettle', Price: '30' })
    await page.getByText('The product is stored.').waitFor()
    await act(page, 'Change', { Price: '29.5' })
    await page.getByText('USD 29.50').waitFor()
    expect(await look(page, 'product-changed', screen)).toEqual([])

    await page.goto(`${origin}/console/inventory/P002`)
    await act(page, 'Adjust', { 'How many more, or less (-3)': '2', Reason: 'a count' })
    await page.getByText('The stock is adjusted.').waitFor()

    await page.goto(`${origin}/console/orders/${orderId}`)
    await act(page, 'Refund', { 'Amount in USD (empty: all of the rest)': '1.50', Reason: 'a late parcel' })
    await page.getByText('The refund is stored').waitFor()

    const id = await shop.place([{ productId: 'P001', quantity: 1 }])
    await page.goto(`${origin}/console/orders/${id}`)
    await act(page, 'Cancel', { Reason: 'a wrong price' })
    await page.getByText('The order is cancelled.').waitFor()

    await page.goto(`${origin}/console/orders`)
    await act(page, 'Pause new orders', { 'Product (empty: all orders)': 'P003', Reason: 'a recall' })
    await page.getByText('New orders are paused.').waitFor()
    await page.goto(`${origin}/console`)
    await page.getByText(/New orders with P003 are paused/).click()
    await act(page, 'Resume')
    await page.getByText('New orders are taken again.').waitFor()

    await page.goto(`${origin}/console/orders/${orderId}`)
    await page.getByRole('link', { name: 'Send its events again' }).click()
    await page.getByText('would be sent to operations').waitFor()
    await page.getByLabel('Events for').selectOption('payment:OrderConfirmed')
    await page.getByRole('button', { name: 'Count' }).click()
    await page.getByText('1 event of 1 order would be sent to payment.').waitFor()
    await act(page, 'Send them', { Reason: 'a test' })
    await page.getByText('1 event of 1 order was sent. That was all.').waitFor()

    const recalled = `R${screen.width}`
    await shop.stock(recalled, 5)
    const ids = [1, 2].map(() => shop.place([{ productId: recalled, quantity: 1 }]))
    const [first = ''] = await Promise.all(ids)
    const listed = () => shop.call(`/orders?productId=${recalled}`).then(({ body }) => body.items.length)
    await eventually(listed, (orders) => orders === 2)
    await page.goto(`${origin}/console/inventory/${recalled}`)
    await page.getByRole('link', { name: 'Recall it' }).click()
    await page.getByLabel('Placed since (UTC)').fill('2026-01-01')
    await page.getByRole('button', { name: 'Look' }).click()
    await page.getByText('2 orders would be cancelled.').waitFor()
    await act(page, 'Cancel them', { Reason: 'a recall' })
    await page.getByText('2 orders are cancelled.').waitFor()
    expect((await shop.read(first)).status).toBe('cancelled')

    await page.goto(`${origin}/console/payments`)
    await page.getByRole('button', { name: 'Compare now' }).click()
    await page.getByText('Nothing was changed.').waitFor()

    await page.goto(`${origin}/console`)
    await page.getByRole('link', { name: 'API keys' }).click()
    await page.locator('summary', { hasText: 'Make a key' }).click()
    await page.getByLabel('Client', { exact: true }).fill(`till-${screen.width}`)
    await page.getByLabel('orders:read').check()
    expect(await look(page, 'keys-make', screen)).toEqual([])
    await page.getByRole('button', { name: 'Make a key now' }).click()
    await page.getByText(/^eo_/).waitFor()
    expect(await look(page, 'keys-made', screen)).toEqual([])
    await page.getByRole('link', { name: 'All keys' }).click()
    await act(page, 'Rotate')
    await page.getByText(/^eo_/).waitFor()
    await page.getByRole('link', { name: 'All keys' }).click()
    await act(page, 'Revoke', { Reason: 'a test' })
    await page.getByText('The key is revoked.').waitFor()

    await page.goto(`${origin}/console/webhooks`)
    await page.locator('summary', { hasText: 'Register a webhook' }).click()
    await page.getByLabel('Address').fill('http://127.0.0.1:9/other')
    await page.getByLabel('OrderSettled').check()
    await page.getByRole('button', { name: 'Register a webhook now' }).click()
    await page.getByText(/^whsec_/).waitFor()
    expect(await look(page, 'webhook-registered', screen)).toEqual([])
    await page.getByRole('link', { name: 'Go to the webhook' }).click()
    await page.locator('summary', { hasText: 'Change' }).click()
    await page.getByLabel('StockDepleted').check()
    await page.getByRole('button', { name: 'Change now' }).click()
    await page.getByText('OrderSettled, StockDepleted, of all clients').waitFor()
    await act(page, 'Rotate the secret')
    await page.getByText('Requests are signed with it too until').waitFor()
    await page.getByRole('link', { name: 'Go to the webhook' }).click()
    await act(page, 'Remove')
    await page.getByText('The webhook is removed').waitFor()

    await page.goto(`${origin}/console/webhooks/${webhookId}`)
    await act(page, 'Send a test')
    await page.getByText('A test event is on its way.').waitFor()
    await act(page, 'Resend')
    await page.getByText('The delivery is on its way again.').waitFor()
    await act(page, 'Disable')
    await page.getByText('The webhook is disabled.').waitFor()
    await page.getByRole('button', { name: 'Count them' }).click()
    await page.getByText('would be sent again').waitFor()
    await act(page, 'Enable')
    await page.getByText('The webhook is enabled.').waitFor()
    await page.getByRole('button', { name: 'Count them' }).click()
    await act(page, 'Send them again')
    await page.getByText('on their way again.').or(page.getByText('The delivery is on its way')).waitFor()

    await page.goto(`${origin}/console/dead-letters/${await newLetter()}`)
    await page.getByText('no consumer can read it').waitFor()
    await act(page, 'Send again')
    await page.getByText('1 letter sent again.').waitFor()
    await page.goto(`${origin}/console/dead-letters/${await newLetter()}`)
    await act(page, 'Discard', { Reason: 'a test' })
    await page.getByText('1 letter discarded').waitFor()

    await newLetter()
    await page.goto(`${origin}/console/dead-letters?queue=order-inbox`)
    await page.getByRole('link', { name: 'unknown_type' }).first().click()
    await page.getByText('If they are sent again').waitFor()
    await page.getByText('Discard', { exact: false }).first().click()
    await page.getByLabel('Reason').fill('a test')
    await page.getByRole('button', { name: /^Discard .* now$/ }).click()
    await page.getByText('discarded, and kept with the reason.').waitFor()
    await page.getByText('No open letter is left in this group.').waitFor()
    const customerId = `cust_gone_${screen.width}`
    const items = [{ productId: 'P001', quantity: 1 }]
    const gone = (await shop.post('/orders', { items, customerId, payment: { token: 'pm_card_visa' } })).body
      .orderId
    await shop.settled(gone)
    await eventually(
      () => waitingOrders(customerId),
      ({ length }) => length === 0,
    )
    await page.goto(`${origin}/console/orders?customerId=${customerId}`)
    await page.getByRole('link', { name: 'Erase a customer' }).click()
    await page.getByLabel('Client').fill('bootstrap')
    await page.getByRole('button', { name: 'Look' }).click()
    await page.getByText('What 1 order and 0 dead letters say').waitFor()
    expect(await look(page, 'customer-found', screen)).toEqual([])
    await act(page, 'Erase it', { "Type the customer's id": 'cust_1', Reason: 'a wish of May' })
    await page.getByText('Nothing was erased').waitFor()
    // The browser itself writes down that the form was refused.
    expect(faults.splice(0)).toEqual([expect.stringContaining('422')])
    expect((await shop.read(gone)).customerId).toBe(customerId)
    await page.goto(`${origin}/console/customers?customerId=${customerId}&client=bootstrap`)
    await page.getByRole('button', { name: 'Look' }).click()
    await act(page, 'Erase it', { "Type the customer's id": customerId, Reason: 'a wish of May' })
    await page.getByText('What 1 order and 0 dead letters said of the customer is erased.').waitFor()
    expect(await look(page, 'customer-erased', screen)).toEqual([])
    expect((await shop.read(gone)).customerId).toBe('[erased]')
    const { items: entries } = (await shop.call('/audit-log?kind=order')).body
    expect(entries[0]).toMatchObject({ action: 'customer_erased', reason: 'a wish of May' })
    expect({ foreign, faults }).toEqual({ foreign: [], faults: [] })
    await context.close()
  })
})

describe.each([SCREENS[0], SCREENS[3]])('the demo shop on a screen of $width pixels', (screen) => {
  it('places orders, lets things go wrong, and tells what happens while it happens', async () => {
    const { page, context, foreign, faults } = await open(screen)
    await signIn(page)
    await page.getByRole('link', { name: 'Demo shop' }).click()
    await page.getByLabel('Declined card').check()
    await page.getByRole('button', { name: 'Place the order' }).click()
    await page.getByText('The bank has declined the card.').waitFor()
    await page.getByText('All is done.', { exact: true }).waitFor()

    await page.getByLabel('Empty shelf').check()
    await page.getByRole('button', { name: 'Place the order' }).click()
    await page.getByText('The shelf is empty').waitFor()

    await page.getByLabel('Bank').selectOption('slow')
    await page.getByLabel('Come twice').check()
    await stopped(page, 'inventory').check()
    await page.getByRole('button', { name: 'Set', exact: true }).click()
    await page.getByText('The consumer of inventory is stopped.').waitFor()
    await page.getByRole('button', { name: 'Place the order' }).click()
    await page.getByText('It waits for the warehouse.').waitFor()
    expect(await look(page, 'shop-faults', screen)).toEqual([])
    // Without a click on the page: its stream of events brings what follows.
    await shop.post('/simulator/faults', {})
    await page.getByText('The warehouse has put the goods aside.').waitFor()
    await page.getByText('All is done.', { exact: true }).waitFor()
    await page.getByText('is stopped.').waitFor({ state: 'detached' })

    await page.getByLabel('Come 2 seconds late').check()
    await page.getByRole('button', { name: 'Set', exact: true }).click()
    await page.getByText('Messages come 2 s late.').waitFor()
    await page.getByRole('button', { name: 'All is well' }).click()
    await page.getByText('It is set.').waitFor()
    expect(await page.getByText('Messages come').count()).toBe(0)
    await page.getByRole('link', { name: 'Open in the console' }).click()
    await page.waitForURL('**/console/orders/ord_*')
    expect({ foreign, faults }).toEqual({ foreign: [], faults: [] })
    await context.close()
  })
})

const stopped = (page: Page, consumer: string) =>
  page.getByRole('group', { name: 'Stopped' }).getByLabel(consumer)

it('the audit log has what was done, with its reason, and is filtered', async () => {
  const { page, context } = await open(SCREENS[3])
  await signIn(page)
  await page.getByRole('link', { name: 'Audit log' }).click()
  await page.getByText('hears').first().waitFor()
  await page.locator('summary', { hasText: 'Filter' }).click()
  await page.getByLabel('Kind').selectOption('stock')
  await page.getByLabel('Subject').fill('P002')
  await page.getByLabel('Since (UTC)').fill('2026-01-01 12:00')
  await page.getByRole('button', { name: 'Filter' }).click()
  await page.waitForURL('**/console/audit-log?kind=stock&**')
  await page.getByText('receipt').first().waitFor()
  expect(await page.getByText('hears').count()).toBe(0)
  await page.getByRole('link', { name: 'P002' }).first().click()
  await page.waitForURL('**/console/inventory/P002')
  await context.close()
})

it('the health page checks the laws of stock and money on request', async () => {
  const { page, context } = await open(SCREENS[3])
  await signIn(page)
  await page.goto(`${origin}/console/health`)
  await page.getByRole('button', { name: 'Check now' }).click()
  await page.waitForURL('**/console/health?laws=checked#laws')
  await page.getByText('payments_equal_bank').waitFor()
  expect(await page.getByText('holds', { exact: true }).count()).toBe(LAW_NAMES.length)
  await context.close()
})

describe.each([SCREENS[0], SCREENS[3]])(
  'the consumers of the feeds on a screen of $width pixels',
  (screen) => {
    it('are made, moved, paused, resumed, tested and removed, and a feed is switched off', async () => {
      const { page, context, foreign, faults } = await open(screen)
      await signIn(page)
      await page.getByRole('link', { name: 'Feed', exact: true }).click()
      const name = `warehouse-${screen.width}`
      await page.locator('summary', { hasText: 'Make a consumer' }).click()
      await page.getByLabel('Name', { exact: true }).fill(name)
      await page.getByLabel('It begins').selectOption('now')
      await page.getByLabel('OrderConfirmed').check()
      expect(await look(page, 'feed-make', screen)).toEqual([])
      await page.getByRole('button', { name: 'Make a consumer now' }).click()
      await page.getByText('The consumer is made.').waitFor()
      await page.getByText('orders: OrderConfirmed').waitFor()
      const consumer = () => shop.call(`/feed/consumers/${name}`).then(({ body }) => body)

      await act(page, 'Pause')
      await page.getByText('paused', { exact: true }).waitFor()
      expect((await consumer()).health).toBe('paused')
      await act(page, 'Resume')
      await page.getByText('healthy', { exact: true }).waitFor()
      await page.locator('summary', { hasText: 'Change the events' }).click()
      await page.getByLabel('OrderConfirmed').uncheck()
      await page.getByRole('button', { name: 'Change the events now' }).click()
      await page.getByText('orders: all events').waitFor()

      const { cursor } = await consumer()
      await see(page, 'time', 'yesterday')
      await page.getByText('Write the time as').waitFor()
      await see(page, 'order', orderId)
      await page.getByText('was delivered, and comes again.').first().waitFor()
      // The page begins at its form. Below the bar, a button that is half hidden by it would count as too small.
      await page.waitForLoadState('load')
      await page.evaluate('scrollTo(0, 0)')
      expect(await look(page, 'feed-move', screen)).toEqual([])
      expect((await consumer()).cursor).toBe(cursor)
      await act(page, 'Move it')
      await page.getByText('The consumer is moved.').waitFor()
      expect((await consumer()).lag.events).toBeGreaterThan(0)
      await see(page, 'now')
      await page.getByText('that it has not delivered are left out.').first().waitFor()

      await act(page, 'Send a test')
      await page.getByText('A test event is next.').waitFor()
      const { lease, cursor: after } = (
        await shop.call(`/feed/consumers/${name}/lease`, { method: 'POST', body: { holder: 'reader' } })
      ).body
      const tested = (await shop.call(`/feed/orders?after=${after}`)).body
      expect(tested.map(({ type }: { type: string }) => type)).toEqual(['FeedTested'])
      expect(lease.token).toBeTypeOf('string')

      await page.getByRole('link', { name: 'All consumers' }).click()
      await page.getByText('reader, ends').waitFor()
      expect(await look(page, 'feed', screen)).toEqual([])
      await act(page, 'Switch the feed of orders off')
      await page.getByText('The feed of orders is off.').waitFor()
      await page.getByRole('link', { name }).click()
      await page.getByText('blocked', { exact: true }).waitFor()
      expect(await look(page, 'feed-blocked', screen)).toEqual([])
      await see(page, 'oldest')
      await act(page, 'Move it')
      await page.getByText('healthy', { exact: true }).waitFor()
      await act(page, 'Remove')
      await page.getByText('The consumer is removed').waitFor()
      expect((await shop.call(`/feed/consumers/${name}`)).status).toBe(404)
      expect({ foreign, faults }).toEqual({ foreign: [], faults: [] })
      await context.close()
    })
  },
)

/** Asks on the page of a consumer what a move to this place would do. */
const see = async (page: Page, to: string, place?: string): Promise<void> => {
  await page.locator('#move select').selectOption(to)
  if (place !== undefined) await page.getByLabel('Time or order id').fill(place)
  await page.getByRole('button', { name: 'Look' }).click()
}

it('finds an order by its reference from the keyboard, and switches the theme for good', async () => {
  const { page, context } = await open(SCREENS[0])
  await signIn(page)
  await page.keyboard.press('/')
  await page.keyboard.type('web-1001')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/console/orders?reference=web-1001')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/console/orders/${orderId}`)
  await page.getByRole('button', { name: 'Theme' }).click()
  await page.reload()
  expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('API key').waitFor()
  await context.close()
})

let lettersMade = 0

/** A letter of an event that no consumer knows; its id. */
const newLetter = async (): Promise<string> => {
  lettersMade += 1
  const id = `nonsense-${lettersMade}`
  const envelope = {
    specversion: '1.0',
    id,
    source: '/shop',
    type: 'Nonsense',
    schemaversion: 1,
    subject: 'o1',
  }
  await system.send('order-inbox', { ...envelope, time: '2026-11-23T12:00:00.000Z', data: {} })
  const find = async () =>
    ((await shop.call('/dead-letters?queue=order-inbox&status=open')).body.items as Letter[]).find(
      ({ event }) => event.id === id,
    )
  return (await eventually(find, (letter) => letter !== undefined))?.id ?? ''
}

type Letter = { id: string; event: { id: string } }

const pages = () => ({
  overview: '/console',
  'overview-day': '/console?range=day',
  orders: '/console/orders',
  order: `/console/orders/${orderId}`,
  'dead-letters': '/console/dead-letters',
  'dead-letter': `/console/dead-letters/${letterId}`,
  'dead-letter-group': '/console/dead-letters/group?queue=inventory-inbox&reason=newer_version',
  inventory: '/console/inventory',
  product: '/console/inventory/P001',
  payments: '/console/payments',
  'payments-filtered': '/console/payments?status=declined&createdAfter=2026-01-01T00:00:00Z',
  'payments-drift': '/console/payments?drift=true&hours=24',
  recall: '/console/recall?productId=P001&placedAfter=2026-01-01',
  customers: '/console/customers',
  replays: `/console/replays?what=payment&orderId=${orderId}`,
  webhooks: '/console/webhooks',
  'webhooks-failing': '/console/webhooks?health=failing',
  webhook: `/console/webhooks/${webhookId}`,
  'webhook-counted': `/console/webhooks/${webhookId}?resend=pending&hours=24`,
  'webhook-failed': `/console/webhooks/${webhookId}?status=failed`,
  'audit-log': '/console/audit-log',
  keys: '/console/keys',
  feed: '/console/feed',
  health: '/console/health',
  shop: `/console/shop?order=${orderId}`,
  'health-laws': '/console/health?laws=checked',
})

/** A browser whose requests to other hosts are written down and refused. */
const open = async ({ width, height, colorScheme }: Screen) => {
  const context: BrowserContext = await browser.newContext({ viewport: { width, height }, colorScheme })
  const foreign: string[] = []
  const faults: string[] = []
  await context.route(
    (url) => url.origin !== origin && url.protocol !== 'data:',
    async (route) => {
      foreign.push(route.request().url())
      await route.abort()
    },
  )
  const page = await context.newPage()
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  page.on('pageerror', (error) => faults.push(error.message))
  await page.goto(`${origin}/console`)
  return { page, context, foreign, faults }
}

/** The orders of a customer that cannot be erased yet, because events of them are still on their way. */
const waitingOrders = async (customerId: string): Promise<string[]> => {
  const waiting: string[] = []
  for (let cursor: string | undefined, isEnd = false; !isEnd; isEnd = cursor === undefined) {
    const wanted = { client: 'bootstrap', customerId, dryRun: true, ...(cursor !== undefined && { cursor }) }
    const { body } = await shop.post('/customers/erase', wanted)
    waiting.push(...body.waiting)
    cursor = body.nextCursor
  }
  return waiting
}

/** What is wrong with a page: faults that axe finds, and a page that is wider than its screen. */
const look = async (page: Page, name: string, { width, colorScheme }: Screen): Promise<string[]> => {
  // A text is there before its style sheet is.
  await page.waitForLoadState('load')
  if (PICTURES !== undefined) {
    await page.screenshot({ path: join(PICTURES, `${name}-${width}-${colorScheme}.png`) })
  }
  await page.evaluate(AXE)
  const found = (await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      .then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)].join(' ')))`,
  )) as string[]
  const shown = await page.evaluate('document.documentElement.scrollWidth')
  return [...found, ...(shown === width ? [] : [`is ${shown} pixels wide`])].map(
    (fault) => `${name}: ${fault}`,
  )
}
