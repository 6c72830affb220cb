import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { opsOf } from '../support/ops-program.ts'
import { openShop } from '../support/shop.ts'

let system: System
let address: string

beforeAll(async () => {
  system = await startSystem()
  address = await system.address()
})

afterAll(() => system.close())

const run = opsOf(() => address)

const asJson = async (...args: string[]) => JSON.parse((await run([...args, '--json'])).said)

describe('npm run ops -- keys', () => {
  it('creates a key that opens, lists it without its secret, and revokes it', async () => {
    const { code, said } = await run([
      'keys',
      'create',
      '--client',
      'web',
      '--scopes',
      'orders:read,orders:write',
    ])
    const [, key = ''] = /^key +(eo_\S+)$/m.exec(said) ?? []
    expect({ code, said }).toEqual({
      code: 0,
      said: expect.stringMatching(/scopes +orders:read, orders:write\n/),
    })
    const asking = async () => (await openShop(system, key).call('/orders')).status
    expect(await asking()).toBe(200)
    const id = key.split('_')[1] ?? ''
    const listed = await run(['keys', 'list'])
    expect(listed.said).toContain(`${id}  web`)
    expect(listed.said).not.toContain(key)
    expect(await run(['keys', 'revoke', id])).toEqual({
      code: 0,
      said: `${id} is revoked.\n`,
      complained: '',
    })
    expect(await asking()).toBe(401)
    expect((await run(['keys', 'list'])).said).toMatch(new RegExp(`^${id} .* revoked 20`, 'm'))
    expect(await run(['keys', 'revoke', id, '--cascade', '--no-cascade'])).toMatchObject({ code: 2 })
    expect(await run(['keys', 'rotate', id])).toMatchObject({
      ...{ code: 1, complained: expect.stringContaining(`${id} is revoked.`) },
    })
  })

  it('makes a successor with the same client, scopes and limits, and leaves the old key as it is', async () => {
    const bounds = ['--open-orders', '500', '--open-units', '20000']
    const old = await asJson('keys', 'create', '--client', 'till', '--scopes', 'orders:read', ...bounds)
    const { code, said } = await run(['keys', 'rotate', old.id])
    expect({ code, said }).toEqual({
      code: 0,
      said: expect.stringContaining(`npm run ops -- keys revoke ${old.id} --no-cascade`),
    })
    const [, key = ''] = /^key +(eo_\S+)$/m.exec(said) ?? []
    const { items } = (await openShop(system).call('/keys')).body
    const two = items.filter(({ client }: { client: string }) => client === 'till')
    expect(two).toMatchObject([
      {
        id: key.split('_')[1],
        scopes: ['orders:read'],
        bounds: { openOrders: 500, openUnits: 20_000 },
      },
      { id: old.id },
    ])
    for (const each of [old.key, key]) expect((await openShop(system, each).call('/orders')).status).toBe(200)
  })
})

describe('npm run ops -- products, inventory movements and alerts, and orders trace', () => {
  it('makes a product and changes its price, shows what moved its stock and when it was available, and where the time of an order went', async () => {
    const put = (price: string) =>
      run(['products', 'put', 'P20', '--name', 'Kettle', '--price', price, '--currency', 'USD'])
    expect((await put('30')).said).toMatch(/^P20 +30 USD +Kettle\n/)
    expect((await put('29.5')).said).toMatch(/^P20 +29.5 USD +Kettle\n/)
    expect((await run(['products', 'get', 'P20'])).said).toBe('P20  29.5 USD  Kettle\n')
    await eventually(
      () => asJson('products', 'list'),
      (products) => products.some(({ productId }: { productId: string }) => productId === 'P20'),
    )
    const shop = openShop(system)
    await shop.post('/inventory/P20/adjustments', { delta: 4, reason: 'receipt' })
    await eventually(
      () => shop.post('/orders', { items: [{ productId: 'P20', quantity: 1 }], totalAmount: 29.5 }),
      ({ status }) => status === 202,
    ).then(({ body }) => shop.settled(body.orderId))
    const moved = () => run(['inventory', 'movements', 'P20', '--limit', '5'])
    const { said } = await eventually(moved, (ending) => ending.said.includes('commit'))
    expect(said).toMatch(/^20\S+ +receipt +4 /m)
    const [orderId = ''] = /ord_\S+/.exec(said) ?? []
    const alerts = () => run(['inventory', 'alerts', '--product', 'P20', '--type', 'StockReplenished'])
    await eventually(alerts, (ending) => /^20\S+ +P20 +StockReplenished +4 available\n$/.test(ending.said))
    expect(await run(['inventory', 'alerts', '--type', 'Depleted'])).toMatchObject({ code: 2 })
    const trace = await run(['orders', 'trace', orderId])
    expect(trace).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^order +edge-orders +\+0 ms .*\n.*StockReserved +edge-orders-inventory /s),
    })
    expect(await asJson('orders', 'trace', orderId)).toHaveProperty('resourceSpans')
  })
})

describe('npm run ops -- payments reconcile', () => {
  it('compares the books of the simulated bank with the payments of a running system', async () => {
    const shop = openShop(system)
    await shop.stock('P8', 3)
    await shop.settled(await shop.place([{ productId: 'P8', quantity: 1 }]))
    const { checked, unread, differences } = await asJson('payments', 'reconcile')
    expect({ unread, differences, isChecked: checked > 0 }).toEqual({
      ...{ unread: 0, differences: [], isChecked: true },
    })
  })
})

describe('npm run ops -- audit-log', () => {
  it('lists who did what, and filters it', async () => {
    const shop = openShop(system)
    await shop.stock('P7', 3)
    await shop.post('/inventory/P7/adjustments', { delta: -1, reason: 'broken' })
    const { code, said } = await run(['audit-log', '--kind', 'stock', '--subject', 'P7', '--limit', '1'])
    expect({ code, said }).toEqual({
      code: 0,
      said: expect.stringMatching(
        /^20\S+ +bootstrap \(bootstrap\) +stock adjusted +P7 +broken +\{"onHand":3.*→ \{"delta":-1,"onHand":2.*\n$/,
      ),
    })
    const entries = await asJson('audit-log', '--subject', 'P7', '--since', '2026-01-01T00:00:00Z')
    expect(entries.map(({ kind }: { kind: string }) => kind)).toEqual(['stock', 'stock', 'product'])
    expect(await run(['audit-log', '--kind', 'nothing'])).toMatchObject({ code: 2 })
  })
})

describe('the key of npm run ops', () => {
  const listing = (args: string[], input?: string) =>
    run(['keys', 'list', ...args], { EDGE_ORDERS_KEY: '' }, input)

  it('comes from standard input, where no list of processes shows it', async () => {
    const { code, complained } = await listing(['--key', '-'], 'test-admin-key\n')
    expect({ code, complained }).toEqual({ code: 0, complained: '' })
  })

  it('is asked for where standard input has none', async () => {
    expect(await listing(['--key', '-'], '')).toMatchObject({
      code: 2,
      complained: expect.stringContaining('standard input, which was empty'),
    })
  })

  it('may stand on the command line, with a warning', async () => {
    const { code, complained } = await listing(['--key', 'test-admin-key'])
    expect({ code, complained }).toEqual({
      code: 0,
      complained: expect.stringMatching(/^Warning: with --key KEY/),
    })
  })

  it('is sent to no other machine in plain text', async () => {
    const ending = await run(['keys', 'list', '--url', 'http://orders.example'], { EDGE_ORDERS_KEY: 'a-key' })
    expect(ending).toMatchObject({ code: 1, complained: expect.stringContaining('in plain text') })
  })
})

describe('npm run ops -- orders, inventory and payments', () => {
  it('follows an order from its placement to its cancellation, and shows what became of its stock and money', async () => {
    const shop = openShop(system)
    expect((await run(['payments', 'list', '--status', 'refunded'])).said).toBe('There is none.\n')
    await shop.stock('P001', 10)
    const adjusted = await run(['inventory', 'adjust', 'P001', '--delta=-3', '--reason', 'broken'])
    expect(adjusted).toMatchObject({ code: 0, said: 'P001  7 on hand  0 reserved  7 available\n' })
    expect((await run(['inventory', 'get', 'P001'])).said).toBe(adjusted.said)

    const orderId = await shop.place([{ productId: 'P001', quantity: 2 }])
    const watched = await run(['orders', 'watch', orderId])
    expect(watched.complained).toMatch(/OrderPlaced .*OrderConfirmed .*OrderSettled /s)
    expect(watched.said).toMatch(
      new RegExp(`^${orderId} .* confirmed  settled  stock committed  payment captured`),
    )
    const story = (await run(['orders', 'get', orderId])).said
    expect(story).toMatch(/^bank .* capture .*succeeded/m)
    expect(story).toMatch(/^stock +committed +P001 ×2$/m)

    const listed = () => asJson('orders', 'list', '--status', 'confirmed', '--limit', '5')
    await eventually(listed, ([order]) => order?.orderId === orderId)
    expect(await asJson('orders', 'list', '--stuck')).toEqual([])
    const refund = await run(['payments', 'refund', orderId, '--amount', '40', '--reason', 'late'])
    expect(refund.said).toMatch(/^rf_\S+: 40 USD are to be refunded\.$/m)
    expect((await run(['orders', 'cancel', orderId, '--reason', 'lost'])).said).toContain('is cancelled.')
    await shop.settled(orderId)
    const payment = () => asJson('payments', 'get', orderId)
    expect(await eventually(payment, ({ status }) => status === 'refunded')).toMatchObject({
      refundedAmount: 100,
    })
    expect((await run(['payments', 'list'])).said).toContain(orderId)
  })

  it.each([
    [['orders', 'list', '--status', 'done'], '--status does not accept "done"'],
    [['orders', 'get'], 'Give one id.'],
    [
      ['inventory', 'adjust', 'P001', '--delta=many', '--reason', 'x'],
      '--delta must be a number, not "many".',
    ],
    [['payments', 'list', '--limit', '0'], '--limit must be a whole number from 1 on.'],
  ])('does not understand %j, and says why', async (args, why) => {
    expect(await run(args)).toMatchObject({ code: 2, complained: expect.stringContaining(why) })
  })

  it('names an order that is not there', async () => {
    const { code, complained } = await run(['orders', 'get', `ord_0_${'0'.repeat(26)}`])
    expect({ code, complained }).toEqual({
      code: 1,
      complained: expect.stringContaining('npm run ops -- orders list shows the ids.'),
    })
  })
})

describe('npm run ops -- orders cancel --product', () => {
  const recall = (...args: string[]) =>
    asJson('orders', 'cancel', '--product', 'P010', '--reason', 'recalled', ...args)

  it('cancels the orders with a recalled product, once, and says what became of each', async () => {
    const shop = openShop(system)
    await shop.stock('P010', 5)
    await shop.stock('P011', 5)
    const before = await shop.place([{ productId: 'P010', quantity: 1 }])
    const since = new Date(Date.parse((await shop.settled(before)).placedAt) + 1).toISOString()
    const other = await shop.place([{ productId: 'P011', quantity: 1 }])
    const gone = await shop.place([{ productId: 'P010', quantity: 1 }])
    await shop.post(`/orders/${gone}/cancel`)
    const short = await shop.place([{ productId: 'P010', quantity: 9 }])
    const mixed = await shop.place([
      { productId: 'P011', quantity: 1 },
      { productId: 'P010', quantity: 1 },
    ])
    const alone = await shop.place([{ productId: 'P010', quantity: 2 }])
    for (const orderId of [other, short, mixed, alone]) await shop.settled(orderId)
    const listed = () => asJson('orders', 'list', '--product', 'P010', '--status', 'confirmed')
    await eventually(listed, (orders) => orders.length === 3)

    const planned = await recall('--since', since, '--dry-run')
    const ended = { alreadyCancelled: [gone], notCancellable: [short], failed: [] }
    expect(planned).toMatchObject({ isDryRun: true, cancelled: [alone, mixed], ...ended })
    expect((await shop.read(alone)).status).toBe('confirmed')
    const recalled = await recall('--since', since, '--rate', '1000')
    expect(recalled).toMatchObject({ isDryRun: false, ...ended })
    expect(recalled.cancelled.toSorted()).toEqual([mixed, alone].toSorted())
    const settled = await Promise.all([mixed, alone].map((orderId) => shop.settled(orderId)))
    expect(settled.map(({ status, reason }) => [status, reason?.detail])).toEqual([
      ['cancelled', 'recalled'],
      ['cancelled', 'recalled'],
    ])
    expect((await shop.read(before)).status).toBe('confirmed')
    expect((await shop.read(other)).status).toBe('confirmed')

    const again = await run(['orders', 'cancel', '--product', 'P010', '--since', since])
    expect(again).toMatchObject({
      code: 0,
      said: expect.stringContaining('0 cancelled, 3 cancelled before, 1 rejected.'),
      complained: expect.stringContaining('4 orders found'),
    })
  })

  it.each([
    [['--product', 'P010'], '--since is missing.'],
    [['--product', 'P010', '--since', 'yesterday'], '--since must be a time'],
    [['ord_1', '--product', 'P010', '--since', '2026-11-23T14:20:00Z'], 'Give either an id or --product.'],
    [['--product', 'P010', '--since', '2026-11-23T14:20:00Z', '--rate', '0'], '--rate must be above 0.'],
  ])('does not understand %j, and says why', async (args, why) => {
    const ending = await run(['orders', 'cancel', ...args])
    expect(ending).toMatchObject({ code: 2, complained: expect.stringContaining(why) })
  })
})

describe('npm run ops -- replay', () => {
  it('sends the events of named orders, and of those of a time, with a rehearsal first', async () => {
    const shop = openShop(system)
    await shop.stock('P012', 5)
    const orders = [await shop.place([{ productId: 'P012', quantity: 1 }])]
    orders.push(await shop.place([{ productId: 'P012', quantity: 1 }]))
    const [first] = await Promise.all(orders.map((orderId) => shop.settled(orderId)))
    const named = orders.flatMap((orderId) => ['--order', orderId])
    const planned = await run(['replay', '--to', 'inventory', ...named, '--dry-run'])
    expect(planned).toMatchObject({ code: 0, said: '4 events of 2 orders would be sent to inventory.\n' })
    const sent = await run(['replay', '--to', 'payment', ...named, '--type', 'OrderConfirmed', '--rate', '1'])
    expect(sent.said).toBe('2 events of 2 orders sent to payment.\n')
    expect(sent.complained).toBe(
      '1 orders: 1 events sent, 0 held back.\n2 orders: 2 events sent, 0 held back.\n',
    )
    const since = ['--since', first?.placedAt ?? '', '--rate', '1000']
    const ofTime = () => asJson('replay', '--to', 'order', ...since)
    await eventually(ofTime, (replay) => replay.orders >= 2 && replay.events >= 8)
  })

  it('says which orders there are not', async () => {
    const none = `ord_0_${'0'.repeat(26)}`
    const ending = await run(['replay', '--to', 'payment', '--order', none])
    expect(ending).toMatchObject({ code: 1, said: expect.stringContaining(`There is no order ${none}.`) })
  })

  it.each([
    [['--to', 'payment'], 'Give either --order or --since.'],
    [['--to', 'bank', '--since', '2026-11-23T14:20:00Z'], '--to does not accept "bank"'],
    [['--to', 'payment', '--order', 'a', '--type', 'Paid'], '--type does not accept "Paid"'],
  ])('does not understand %j, and says why', async (args, why) => {
    expect(await run(['replay', ...args])).toMatchObject({
      code: 2,
      complained: expect.stringContaining(why),
    })
  })
})

describe('npm run ops -- events publish', () => {
  const event = (orderId: string, totalAmount = 50) => ({
    ...{ eventType: 'OrderPlaced', orderId, totalAmount, timestamp: '2026-11-23T12:00:00Z' },
    items: [{ productId: 'P009', quantity: 1 }],
  })
  const publish = (content: unknown) => run(['events', 'publish', '-'], {}, JSON.stringify(content))

  it('places the orders of a pipe: an event of version 1, a CloudEvent, and an array longer than a request', async () => {
    const shop = openShop(system)
    await shop.stock('P009', 200)
    expect(await publish(event('v1'))).toEqual({ code: 0, said: 'v1 is accepted.\n', complained: '' })
    const { eventType: type, timestamp: time, ...data } = event('v2')
    const cloudEvent = { specversion: '1.0', id: 'e/1', source: '/shop', type, time, data }
    expect((await publish([cloudEvent])).said).toBe('v2 is accepted.\n')
    const many = Array.from({ length: 120 }, (_, index) => event(`many-${index}`))
    const published = await publish(many)
    expect(published.complained).toBe('100 of 120 events are accepted.\n')
    expect(published.said.trimEnd().split('\n')).toHaveLength(120)
    expect((await shop.settled('many-119')).status).toBe('confirmed')
  })

  it('reads a file, and says for programs which orders were accepted', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'events-')), 'events.json')
    await writeFile(file, JSON.stringify([event('f1'), event('f2')]))
    expect(await asJson('events', 'publish', file)).toEqual({ accepted: ['f1', 'f2'] })
  })

  it.each<[string, unknown, string]>([
    ['a wrong total', event('w1', 49), 'totalAmount 50'],
    ['another type', { ...event('w2'), eventType: 'OrderCancelled' }, 'event_not_accepted'],
    ['a later portion', [...Array.from({ length: 100 }, (_, at) => event(`p-${at}`)), event('w3', 1)], '/0'],
  ])('names what is wrong with %s', async (_, content, why) => {
    const { code, complained } = await publish(content)
    expect({ code, complained }).toEqual({ code: 1, complained: expect.stringContaining(why) })
  })

  it.each([
    ['{', 'is not JSON'],
    ['', 'is empty'],
  ])('names what is wrong with the input %j', async (input, why) => {
    const ending = await run(['events', 'publish', '-'], {}, input)
    expect(ending).toMatchObject({ code: 1, complained: expect.stringContaining(`Standard input ${why}`) })
  })

  it('names a file that is not there', async () => {
    expect(await run(['events', 'publish', '/nowhere.json'])).toMatchObject({
      code: 1,
      complained: expect.stringContaining('/nowhere.json cannot be read'),
    })
    expect((await run(['events', 'publish'])).code).toBe(2)
  })
})

describe('npm run ops -- dead-letters', () => {
  it('lists them with their reasons, sends them again and puts them away', async () => {
    await system.send('order-inbox', [
      { specversion: '1.0', id: 'e1', source: '/x', type: 'Never', data: {} },
    ])
    const letters = () => asJson('dead-letters', 'list')
    const [{ id, reason }] = await eventually(letters, (all) => all.length === 1)
    expect((await run(['dead-letters', 'list'])).said).toContain(`${id}  order-inbox  ${reason}`)
    expect((await run(['dead-letters', 'redrive', id])).said).toBe(`${id} was sent again.\n`)
    await eventually(letters, ([letter]) => letter?.times === 2)
    expect((await run(['dead-letters', 'discard', id, '--reason', 'a test'])).code).toBe(0)
    expect((await run(['dead-letters', 'list'])).said).toBe('There is none.\n')
  })

  it('shows one against its schema, and handles a group: dry run, rate, discard', async () => {
    const envelope = { specversion: '1.0', source: '/elsewhere', type: 'Nonsense', schemaversion: 1 }
    const event = { ...envelope, subject: 'o1', time: '2026-11-23T12:00:00.000Z', data: {} }
    await system.send(
      'payment-inbox',
      ['n1', 'n2'].map((id) => ({ ...event, id })),
    )
    const letters = () => asJson('dead-letters', 'list', '--queue', 'payment-inbox')
    const [{ id }] = await eventually(letters, (items) => items.length === 2)
    const shown = await run(['dead-letters', 'show', id])
    expect(shown.said).toMatch(/^fault +\/type +No event of type "Nonsense" is known here\.$/m)
    expect((await run(['dead-letters', 'groups'])).said).toMatch(/^2 +payment-inbox +unknown_type +last /)
    const group = ['--queue', 'payment-inbox', '--reason', 'unknown_type']
    const planned = await run(['dead-letters', 'redrive', ...group, '--dry-run'])
    expect(planned.said).toMatch(/^2 would be sent again: 0 can be read, 2 cannot\./)
    const sent = await run(['dead-letters', 'redrive', ...group, '--rate', '0.1'])
    expect(sent).toMatchObject({ code: 0, said: expect.stringContaining('2 letters were sent again.') })
    expect(sent.complained).toBe('1 sent again, 1 to go\n')
    const often = (items: { times: number }[]) =>
      items.length === 2 && items.every(({ times }) => times === 2)
    await eventually(letters, often, { withinMs: 30_000 })
    const discard = ['--queue', 'payment-inbox', '--of-reason', 'unknown_type', '--reason', 'a test']
    expect((await run(['dead-letters', 'discard', ...discard, '--dry-run'])).said).toBe(
      '2 letters would be discarded.\n',
    )
    expect((await run(['dead-letters', 'discard', ...discard])).said).toContain(`${id} is discarded.`)
    expect(await letters()).toEqual([])
  })

  it('names the one that is not there', async () => {
    const { code, complained } = await run(['dead-letters', 'redrive', 'dl_none'])
    expect({ code, complained }).toEqual({
      code: 1,
      complained: expect.stringContaining('no dead letter dl_none'),
    })
  })
})

describe('npm run ops -- consumers', () => {
  it('makes a consumer of the feed, shows how far it is, moves it, stops it and removes it', async () => {
    const shop = openShop(system)
    const said = async (...args: string[]) => (await run(['consumers', ...args])).said
    expect(await said('list')).toBe('There is none.\n')
    expect(await said('put', 'ledger', '--from', 'now', '--type', 'OrderSettled')).toMatch(
      /^ledger +orders +healthy +0 events +0 s/,
    )
    await shop.stock('P6', 3)
    await shop.settled(await shop.place([{ productId: 'P6', quantity: 1 }]))
    expect((await asJson('consumers', 'get', 'ledger')).lag.events).toBeGreaterThan(0)
    expect(await said('get', 'ledger')).toMatch(/^types +OrderSettled$/m)
    expect(await said('pause', 'ledger')).toMatch(/^ledger +orders +paused/)
    expect(await said('resume', 'ledger')).toMatch(/^ledger +orders +healthy/)
    expect(await said('seek', 'ledger', '--from', new Date().toISOString())).toMatch(
      /^ledger +orders +healthy/,
    )
    expect(await said('test', 'ledger')).toMatch(/FeedTested is on its way/)
    expect(await run(['consumers', 'seek', 'ledger'])).toMatchObject({
      ...{ code: 2, complained: expect.stringContaining('--from is missing.') },
    })
    expect(await said('put', 'stock', '--feed', 'products', '--from', 'now')).toMatch(
      /^stock +products +healthy/,
    )
    expect(await said('remove', 'stock')).toBe('stock is removed.\n')
    expect(await said('remove', 'ledger')).toBe('ledger is removed.\n')
    expect((await run(['feed', 'off', 'orders'])).said).toContain('The feed of orders is off.')
    expect(await run(['consumers', 'get', 'ledger'])).toMatchObject({ code: 1 })
  })
})

describe('npm run ops -- webhooks', () => {
  it('shows a dead receiver, counts what it missed, and sends it again once it is enabled', async () => {
    const shop = openShop(system)
    await shop.stock('P001', 10)
    const url = 'http://127.0.0.1:9/dead'
    const { id } = (await shop.post('/webhooks', { url, types: ['OrderConfirmed'] })).body
    await shop.place([{ productId: 'P001', quantity: 1 }])
    const webhook = () => asJson('webhooks', 'get', id)
    await eventually(webhook, ({ health }) => health.status === 'failing')
    expect((await run(['webhooks', 'list', '--failing'])).said).toMatch(
      new RegExp(`^${id}  bootstrap  enabled  failing since \\S+, .+  1 pending  0 failed  ${url}\n$`),
    )
    expect((await run(['webhooks', 'deliveries', id, '--status', 'pending'])).said).toContain(
      'OrderConfirmed',
    )
    expect((await run(['webhooks', 'disable', id])).said).toBe(`${id} is disabled.\n`)
    const since = ['--since', '2026-01-01T00:00:00Z']
    expect((await run(['webhooks', 'resend', id, ...since, '--dry-run'])).said).toBe(
      '1 delivery would be sent again.\n',
    )
    const refused = await run(['webhooks', 'resend', id, ...since])
    expect(refused.complained).toContain('npm run ops -- webhooks enable ID enables it.')
    expect((await run(['webhooks', 'enable', id])).said).toBe(`${id} is enabled.\n`)
    expect((await run(['webhooks', 'resend', id, ...since])).said).toContain('1 delivery sent again.')
    const [delivery] = await asJson('webhooks', 'deliveries', id)
    expect(delivery.status).toBe('pending')
    expect((await run(['webhooks', 'resend', id, delivery.id])).code).toBe(0)
    expect((await run(['webhooks', 'test', id])).said).toContain('is on its way.')
  })

  it('registers one and shows its secret once, changes it, gives it another secret, and removes it', async () => {
    const registered = await run(['webhooks', 'register', 'http://127.0.0.1:9/a', '--type', 'OrderSettled'])
    expect(registered).toMatchObject({ code: 0, said: expect.stringMatching(/^secret +whsec_\S+$/m) })
    const [, id = ''] = /^id +(\S+)$/m.exec(registered.said) ?? []
    const types = ['--type', 'OrderSettled,StockDepleted']
    const changed = await asJson('webhooks', 'change', id, '--address', 'http://127.0.0.1:9/b', ...types)
    expect(changed).toMatchObject({
      url: 'http://127.0.0.1:9/b',
      types: ['OrderSettled', 'StockDepleted'],
    })
    const rotated = await asJson('webhooks', 'rotate', id, '--overlap', '0')
    expect(rotated.secret).toMatch(/^whsec_/)
    expect(registered.said).not.toContain(rotated.secret)
    expect(await run(['webhooks', 'remove', id])).toMatchObject({ code: 0, said: `${id} is removed.\n` })
    expect(await run(['webhooks', 'get', id])).toMatchObject({ code: 1 })
  })

  it.each([
    [['register', 'http://127.0.0.1:9/a'], '--type is missing.'],
    [['register', 'http://127.0.0.1:9/a', '--type', 'OrderPlaced'], '--type does not accept "OrderPlaced"'],
    [['change', 'wh_1'], 'Give --address, --type, or both.'],
  ])('does not understand %j, and says why', async (args, why) => {
    const ending = await run(['webhooks', ...args])
    expect(ending).toMatchObject({ code: 2, complained: expect.stringContaining(why) })
  })
})

describe('npm run ops -- health', () => {
  it('says of each Worker whether it is ready', async () => {
    const { code, said } = await run(['health'])
    expect({ code, said }).toEqual({
      code: 0,
      said: expect.stringMatching(/^order +ready$.*^payment +ready$/ms),
    })
  })
})

describe('npm run ops -- metrics', () => {
  it.each(['hour', 'day'])('prints what became of the orders of the last %s', async (range) => {
    const { code, said } = await run(['metrics', range])
    expect({ code, said }).toEqual({ code: 0, said: expect.stringMatching(/^from +placed .*\n\d{4}-.* % /m) })
  })
})

describe('npm run ops tells what is wrong and what to do', () => {
  it.each<[string, string[], Record<string, string>, [number, string]]>([
    ['an unknown command', ['keys', 'steal'], {}, [2, 'There is no command "keys steal".']],
    ['an unknown flag', ['keys', 'list', '--all'], {}, [2, "Unknown option '--all'"]],
    ['a flag that is missing', ['keys', 'create', '--client', 'web'], {}, [2, '--scopes is missing.']],
    ['an id that is missing', ['keys', 'revoke'], {}, [2, 'Give one id.']],
    [
      'a scope that is none',
      ['keys', 'create', '--client', 'web', '--scopes', 'all'],
      {},
      [2, '--scopes does not accept "all"'],
    ],
    ['a key that is not there', ['keys', 'revoke', 'none'], {}, [1, 'keys list shows the ids']],
    [
      'a wrong key',
      ['keys', 'list'],
      { EDGE_ORDERS_KEY: 'wrong' },
      [1, 'Give a valid key in EDGE_ORDERS_KEY'],
    ],
    [
      'a key in .dev.vars that is not the key of the system on this machine',
      ['keys', 'list'],
      { EDGE_ORDERS_KEY: '' },
      [1, 'Give a valid key in EDGE_ORDERS_KEY'],
    ],
    [
      'no key for another machine',
      ['keys', 'list'],
      { EDGE_ORDERS_URL: 'https://orders.example', EDGE_ORDERS_KEY: '' },
      [1, 'There is no key for https://orders.example.'],
    ],
    ['no system', ['keys', 'list'], { EDGE_ORDERS_URL: 'http://localhost:9' }, [1, 'does not respond']],
    ['no address', ['keys', 'list'], { EDGE_ORDERS_URL: 'localhost' }, [1, 'is not an address']],
  ])('%s', async (_, args, environment, [code, words]) => {
    const ending = await run(args, environment)
    expect(ending).toEqual({ code, said: '', complained: expect.stringContaining(words) })
  })

  it('help, without any system', async () => {
    const { code, said } = await run(['--help'], { EDGE_ORDERS_URL: 'nowhere' })
    expect({ code, said }).toEqual({ code: 0, said: expect.stringContaining('keys create --client') })
  })
})
