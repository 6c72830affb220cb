import { loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { System } from '../crash/system.ts'
import { type Call, createCall, oneOf } from './caller.ts'
import { median, quantiles } from './figures.ts'
import { copyOrders } from './stored-orders.ts'

const TEMPLATES = 20
const WARM_UP_CALLS = 3
const CALLS_A_PAGE = 20
const LOAD_MS = 30_000
/** The overview reads itself again in this time. */
const REFRESH_MS = 5_000
/** An operator in a hurry opens one page after the other. */
const CLICK_MS = 1_000
const LISTED_AFTER_MS = 5_000
/** What a page promises, however many orders are stored. */
const PAGE_MS_MAX = 200

type Drill = { system: System; url: string; key: string; stateDir: string; count: number; rate: number }

type PageTimes = { name: string; times: number[] }

/**
 * What the console's pages take with so many orders stored, alone and while `rate` orders a second arrive. Fails where a
 * page is slow while no order arrives.
 */
export const openConsoleAmongOrders = async (drill: Drill): Promise<void> => {
  console.log(loadOfMachine())
  const { alone, unwatched, loaded, orders } = await measureConsole(drill)
  for (const page of alone) console.log(textOf(page))
  const slow = alone.filter(({ times }) => median(times) > PAGE_MS_MAX).map(({ name }) => name)
  if (slow.length > 0) throw new Error(`These pages take longer than ${PAGE_MS_MAX} ms: ${slow.join('; ')}.`)
  console.log(`While ${drill.rate} orders a second arrive:`)
  for (const page of loaded) console.log(textOf(page))
  console.log(textOf({ name: 'POST /orders, while no page is open', times: unwatched }))
  console.log(textOf({ name: 'POST /orders, while pages are open', times: orders }))
  console.log(loadOfMachine())
}

const textOf = ({ name, times }: PageTimes): string => `${name}: ${quantiles(times)}, ${times.length} calls`

/** A machine with more work than cores measures its other work. */
const loadOfMachine = (): string => {
  const [minute = 0, five = 0] = loadavg()
  return `Processes that run or wait for a core: ${minute.toFixed(1)} in the last minute, ${five.toFixed(1)} in the last five.`
}

const measureConsole = async ({ system, url, key, stateDir, count, rate }: Drill) => {
  const call = createCall(url, key)
  const first = system.start()
  await first.ready
  await call('POST', '/inventory/P001/adjustments', { delta: 10_000, reason: 'drill' })
  const templates: string[] = []
  for (let order = 0; order < TEMPLATES; order += 1) templates.push(await place(call))
  await sleep(LISTED_AFTER_MS)
  await system.kill(first)
  const startedAt = Date.now()
  const { orderIds } = await copyOrders(stateDir, templates, count)
  console.log(`${count} orders written in ${Math.round((Date.now() - startedAt) / 1_000)} s`)
  await system.start().ready
  const open = await signIn(url, key)
  const pages = pagesFor(orderIds[Math.floor(orderIds.length / 2)] ?? '')
  for (const path of Object.values(pages)) await timesOf(WARM_UP_CALLS, () => open(path))
  const alone: PageTimes[] = []
  for (const [name, path] of Object.entries(pages)) {
    alone.push({ name, times: await timesOf(CALLS_A_PAGE, () => open(path)) })
  }
  const unwatched = await placeMany(call, rate, Date.now() + LOAD_MS)
  return { alone, unwatched, ...(await measureUnderLoad({ call, open, pages, rate })) }
}

const pagesFor = (orderId: string) => ({
  overview: '/console',
  orders: '/console/orders',
  'orders, rejected': '/console/orders?status=rejected',
  'orders, confirmed': '/console/orders?status=confirmed',
  'orders, stuck': '/console/orders?stuck=true',
  'orders, of a customer': '/console/orders?customerId=cust_1',
  'search by a reference': '/console/orders?q=no-such-reference',
  order: `/console/orders/${orderId}`,
  payments: '/console/payments',
  inventory: '/console/inventory',
  product: '/console/inventory/P001',
  'dead letters': '/console/dead-letters',
  webhooks: '/console/webhooks',
  health: '/console/health',
})

type Open = (path: string) => Promise<number>

/** A browser's session. Each page is read to its end; a redirect to another page is followed. */
const signIn = async (url: string, key: string): Promise<Open> => {
  const signed = await fetch(`${url}/console/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ key }).toString(),
  })
  const cookie = signed.headers.get('set-cookie')?.split(';')[0] ?? ''
  return async (path) => {
    const startedAt = performance.now()
    const response = await fetch(url + path, { headers: { cookie } })
    await response.text()
    if (response.status !== 200) throw new Error(`${path} was answered ${response.status}.`)
    return performance.now() - startedAt
  }
}

const place = async (call: Call): Promise<string> => {
  const { status, body } = await call('POST', '/orders', { ...oneOf('P001'), customerId: 'cust_1' })
  if (status !== 202) throw new Error(`An order was answered ${status}: ${JSON.stringify(body)}`)
  return String(body['orderId'])
}

const timesOf = async (calls: number, run: () => Promise<number>): Promise<number[]> => {
  const times: number[] = []
  for (let turn = 0; turn < calls; turn += 1) times.push(await run())
  return times
}

/** So many orders a second until then, whether responses come or not. Returns how long each took. */
const placeMany = async (call: Call, rate: number, endsAt: number): Promise<number[]> => {
  const startedAt = Date.now()
  const running: Promise<number>[] = []
  while (Date.now() < endsAt) {
    running.push(call('POST', '/orders', oneOf('P001')).then(({ tookMs }) => tookMs))
    await sleep(Math.max(0, startedAt + (running.length * 1_000) / rate - Date.now()))
  }
  return await Promise.all(running)
}

type Load = { call: Call; open: Open; pages: Record<string, string>; rate: number }

/** One tab has the overview, and in another one an operator opens every page in turn. */
const measureUnderLoad = async ({ call, open, pages, rate }: Load) => {
  const endsAt = Date.now() + LOAD_MS
  const watch = async (name: string, paths: readonly string[], everyMs: number): Promise<PageTimes> => {
    const times: number[] = []
    for (let turn = 0; Date.now() < endsAt; turn += 1) {
      times.push(await open(paths[turn % paths.length] ?? ''))
      await sleep(everyMs)
    }
    return { name, times }
  }
  const [overview, clicked, orders] = await Promise.all([
    watch('overview', [pages['overview'] ?? ''], REFRESH_MS),
    watch('the other pages', Object.values(pages).slice(1), CLICK_MS),
    placeMany(call, rate, endsAt),
  ])
  return { loaded: [overview, clicked], orders }
}
