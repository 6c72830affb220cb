import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import catalogue from '../../src/contracts/demo-catalogue.json' with { type: 'json' }
import { act, launchBrowser, signIn } from '../support/console-browser.ts'
import { eventually } from '../support/eventually.ts'
import { type System, startDemo } from '../support/harness.ts'
import { opsOf } from '../support/ops-program.ts'
import { startReceiver } from '../support/receiver.ts'
import { openShop } from '../support/shop.ts'

/*
 * The operator's drill of docs/drill.md: each fault is found and put right, on a phone in the console, and again with
 * `npm run ops` alone. Nothing but the operator puts it right: the fault goes on until then.
 */

const CLICKS_MAX = 3
const PHONE = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' as const }
const ONE = [{ productId: 'P001', quantity: 1 }]

let system: System
let shop: ReturnType<typeof openShop>
let receiver: Awaited<ReturnType<typeof startReceiver>>
let browser: Browser
let page: Page
let origin: string
let webhookId: string

beforeAll(async () => {
  system = await startDemo()
  shop = openShop(system)
  receiver = await startReceiver()
  origin = new URL(await system.address()).origin
  browser = await launchBrowser()
  page = await (await browser.newContext(PHONE)).newPage()
  await page.goto(`${origin}/console`)
  await signIn(page)
  await Promise.all(catalogue.map(({ productId, unitPrice }) => shop.stock(productId, 100, unitPrice)))
  const hook = { url: receiver.url('/hook'), types: ['OrderSettled'] }
  webhookId = (await shop.post('/webhooks', hook)).body.id
})

/** A drill that failed leaves no fault to the next one. */
afterEach(() => setFaults({}))

afterAll(async () => {
  await browser?.close()
  await receiver?.close()
  await system?.close()
})

const setFaults = (faults: object) => shop.post('/simulator/faults', faults)

const isEnabled = () =>
  eventually(
    () => shop.call(`/webhooks/${webhookId}`),
    ({ body }) => body.status === 'enabled',
  )

type Link = (page: Page) => Locator

const link =
  (name: string | RegExp): Link =>
  (at) =>
    at.getByRole('link', { name }).first()

/** Follows links from the overview to the page that shows the fault. */
const find = async (...links: Link[]): Promise<void> => {
  expect(links.length).toBeLessThanOrEqual(CLICKS_MAX)
  await page.goto(`${origin}/console`)
  for (const next of links) await next(page).click()
}

const ops = (...args: string[]) => opsOf(() => origin)(args)

/** The first word of the line that a command prints, once it prints such a line. */
const idIn = async (args: string[], line: RegExp): Promise<string> => {
  const { said } = await eventually(
    () => ops(...args),
    (ending) => line.test(ending.said),
  )
  return line.exec(said)?.[1] ?? ''
}

const done = async (...args: string[]): Promise<void> => {
  expect(await ops(...args)).toMatchObject({ code: 0, complained: '' })
}

type Operator = {
  /** Two orders wait for the inventory service. */
  startConsumer(orderIds: readonly string[]): Promise<void>
  /** One order waits for a bank that fails, and goes on failing. */
  cancel(orderId: string): Promise<void>
  endBankFault(): Promise<void>
  /** An inbox got a message that no consumer can handle. */
  discardPoison(eventId: string): Promise<void>
  /** The receiver said that it is gone for ever, and is back. */
  sendMissedEvents(): Promise<void>
}

const allIsWell = async (): Promise<void> => {
  await link('Demo shop')(page).click()
  await page.getByRole('button', { name: 'All is well' }).click()
  await page.getByText('It is set.').waitFor()
}

const inConsole: Operator = {
  startConsumer: async () => {
    await find(link(/^inventory-inbox: [1-9]\d* waiting/))
    await page.getByRole('row', { name: /^inventory-inbox [1-9]/ }).waitFor()
    await allIsWell()
  },
  cancel: async (orderId) => {
    await find(link(/^The bank simulator fails /), link(orderId))
    await page.getByText(/^\d+ times$/).waitFor()
    await act(page, 'Cancel', { Reason: 'The bank is down.' })
    await page.getByText('The order is cancelled.').waitFor()
  },
  endBankFault: allIsWell,
  discardPoison: async (eventId) => {
    const letter: Link = (at) =>
      at.getByRole('region', { name: 'Letters', exact: true }).getByRole('link').first()
    await find(link(/open dead letter/), letter)
    await page.getByText('No event of type "PoisonSent"').first().waitFor()
    expect(await page.content()).toContain(eventId)
    await act(page, 'Discard', { Reason: 'A drill.' })
    await page.getByText('1 letter discarded').waitFor()
  },
  sendMissedEvents: async () => {
    await find(link(`The address of webhook ${webhookId}`))
    await page.getByText('gone').first().waitFor()
    await act(page, 'Enable')
    await page.getByText('The webhook is enabled.').waitFor()
    await page.getByRole('button', { name: 'Count them' }).click()
    await act(page, 'Send them again')
    await page.getByText('The delivery is on its way again.').waitFor()
  },
}

const byCommands: Operator = {
  startConsumer: async ([orderId = '']) => {
    const list = ['orders', 'list', '--unsettled']
    await idIn(list, new RegExp(`^(${orderId}) .*stock pending +payment authorized`, 'm'))
    expect((await ops('faults', 'show')).said).toContain('the consumer of inventory is stopped')
    await done('faults', 'clear')
  },
  cancel: async (orderId) => {
    const list = ['orders', 'list', '--status', 'pending']
    await idIn(list, new RegExp(`^(${orderId}) .*stock reserved +payment pending`, 'm'))
    await done('orders', 'cancel', orderId, '--reason', 'The bank is down.')
  },
  endBankFault: () => done('faults', 'clear'),
  discardPoison: async () => {
    const list = ['dead-letters', 'list', '--reason', 'unknown_type']
    const letterId = await idIn(list, /^(\S+) +inventory-inbox/m)
    await done('dead-letters', 'discard', letterId, '--reason', 'A drill.')
  },
  sendMissedEvents: async () => {
    await idIn(['webhooks', 'list', '--failing'], new RegExp(`^(${webhookId}) .*disabled`, 'm'))
    await done('webhooks', 'enable', webhookId)
    await done('webhooks', 'resend', webhookId, '--since', '2026-01-01T00:00:00Z')
  },
}

describe.each([
  ['in the console', inConsole],
  ['from the command line', byCommands],
])('an operator puts right %s', (_, operator) => {
  it('a consumer that is stopped', async () => {
    await setFaults({ stopped: ['inventory'] })
    // The consumer holds the first message when it stands still. The second one waits on the queue.
    const orderIds = [await shop.place(ONE), await shop.place(ONE)]
    await operator.startConsumer(orderIds)
    for (const orderId of orderIds) expect((await shop.settled(orderId)).status).toBe('confirmed')
  })

  it('a bank that answers errors for ever', async () => {
    await setFaults({ bank: 'failing' })
    const [orderId, patient] = [await shop.place(ONE), await shop.place(ONE)]
    await operator.cancel(orderId)
    expect((await shop.settled(orderId)).status).toBe('cancelled')
    expect(await shop.bank(orderId)).toEqual({ done: [], held: 0, captured: 0, refunded: 0 })
    await operator.endBankFault()
    expect((await shop.settled(patient)).status).toBe('confirmed')
  })

  it('a message that no consumer can handle', async () => {
    const { body } = await shop.post('/simulator/poison', { queue: 'inventory-inbox' })
    await operator.discardPoison(body.eventId)
    const open = await shop.call('/dead-letters?status=open')
    expect(open.body.items).toEqual([])
  })

  it('a webhook whose receiver said that it is gone', async () => {
    await isEnabled()
    receiver.script('/hook', 410)
    const orderId = await shop.place(ONE)
    await shop.settled(orderId)
    const before = receiver.at('/hook').length
    await eventually(
      () => shop.call(`/webhooks/${webhookId}`),
      ({ body }) => body.status === 'disabled',
    )
    await operator.sendMissedEvents()
    const received = await eventually(
      () => receiver.at('/hook'),
      (all) => all.length > before + 1 && all.at(-1)?.body.includes(orderId) === true,
    )
    expect(received.at(-1)?.body).toContain(orderId)
  })

  it('and the overview says that nothing needs a person', async () => {
    await page.goto(`${origin}/console`)
    await page.getByText('Nothing needs a person.').waitFor()
  })
})
