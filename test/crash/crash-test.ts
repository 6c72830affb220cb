import { setTimeout as sleep } from 'node:timers/promises'
import { halfOfCapacity } from './capacity.ts'
import { type Chance, createChance } from './chance.ts'
import { checkAll } from './check-all.ts'
import { checkLevels } from './check-stock.ts'
import { createClient } from './client.ts'
import { killAndRestart, seconds } from './kill-cycle.ts'
import { type KillVariant, planKills } from './kills.ts'
import { createLedger, type Order } from './ledger.ts'
import { createLoad } from './load.ts'
import { productsOf } from './products.ts'
import { type Outage, recoveryTimes, summaryOf } from './recovery.ts'
import { rest, SETTLED_WITHIN_MS } from './rest.ts'
import { createSender } from './sender.ts'
import type { System } from './system.ts'
import type { Violation } from './violations.ts'
import { createWorkload } from './workload.ts'

/** After this many kills the system gets a rest, in which it must finish all work that the kills interrupted. */
const KILLS_A_ROUND = 10
/** From the very first start to its kill: while the databases and the catalogue are made. */
const FIRST_START_MS = { least: 300, most: 6_000 }

export type CrashPorts = {
  system: System
  kills: number
  seed: number
  only: KillVariant | undefined
  port: number
  apiKey: string
  print: (line: string) => void
}

/** The whole test: load, kills and restarts, rest, checks. */
export const runCrashTest = async (ports: CrashPorts) => {
  const { system, kills, seed, only, print } = ports
  const shop = openShop(ports)
  const { client, ledger, products, sender, workload, report, violations, run } = shop
  const chance = createChance(seed, 'kills')

  let life = await startTwice(system, chance)
  const hasDisk = system.disk !== undefined
  if (!hasDisk) print('no disk of its own: none is filled')
  print(`ready in ${seconds((await life.ready) - life.startedAt)}`)
  await shop.introduceProducts()
  const capacity = await halfOfCapacity({ client, ledger, sender, workload })
  print(
    `takes ${capacity.measured.toFixed(1)} orders/s; is offered ${capacity.perSecond.toFixed(1)} requests/s`,
  )
  const load = createLoad({ sender, ledger, next: workload.next, perSecond: capacity.perSecond })
  const context = { system, chance, ledger, sender, load, seed, print, report }

  const outages: Outage[] = []
  for (const [index, variant] of planKills(kills, chance, { only, hasDisk }).entries()) {
    const number = index + 1
    const isLastOfRound = number % KILLS_A_ROUND === 0 || number === kills
    const cycle = await killAndRestart(context, { life, variant, number, kills, isLastOfRound })
    life = cycle.life
    outages.push(cycle.outage)
    for (const violation of await checkLevels({ client, products })) report(violation)
    if (isLastOfRound) await rest({ client, ledger, sender, report, print }, cycle.outage.readyAt)
  }

  print('at rest; checking every order, every product, the bank and the lists')
  await sender.replaySome(createChance(seed, 'last replays'), AbortSignal.timeout(SETTLED_WITHIN_MS))
  const checked = await checkAll({ client, ledger, products, run })
  for (const violation of checked.violations) report(violation)
  print(`requests: ${ledger.entries.length}; replays checked: ${sender.replayCount()}`)
  print(`without a response: ${tally(client.faults)}`)
  print(`endings: ${tally(endingsOf(checked.orders))}`)
  for (const line of recoveryLines(checked.orders, outages)) print(line)
  return { placed: ledger.placed.length, violations }
}

/** The client of one run: its products, ledger and workload, and the violations that it finds. */
const openShop = ({ port, apiKey, seed, print }: CrashPorts) => {
  const run = `crash-${seed}-${Date.now().toString(36)}`
  const violations: Violation[] = []
  const report = (violation: Violation) => {
    print(`  VIOLATION ${violation.kind}: ${violation.subject}: ${violation.detail}`)
    violations.push(violation)
  }
  const ledger = createLedger()
  const client = createClient(port, apiKey)
  const products = productsOf(run)
  const sender = createSender({ client, ledger, report })
  const workload = createWorkload({ run, chance: createChance(seed, 'workload'), ledger, products })
  /** The order service learns of a product by event: until then it is unknown. */
  const introduceProducts = async () => {
    for (const product of products) {
      for (const intent of workload.introduce(product)) await sender.send(ledger.intend(intent))
    }
    for (const { productId } of products) await untilOrderable(productId)
  }
  const untilOrderable = async (productId: string) => {
    const body = { items: [{ productId, quantity: 1 }], totalAmount: 0.01 }
    for (const giveUpAt = Date.now() + SETTLED_WITHIN_MS; Date.now() < giveUpAt; await sleep(100)) {
      // The wrong total is only found out once the price is known.
      const response = await client.send({ method: 'POST', path: '/orders', body })
      if (JSON.stringify(response?.body ?? '').includes('price_mismatch')) return
    }
    throw new Error(`${productId} cannot be ordered`)
  }
  return { run, violations, report, ledger, client, products, sender, workload, introduceProducts }
}

/** The very first start makes databases and catalogue. It is cut short once. */
const startTwice = async (system: System, chance: Chance) => {
  const cut = system.start()
  await Promise.race([sleep(chance.between(FIRST_START_MS.least, FIRST_START_MS.most)), cut.ready])
  await system.kill(cut)
  return system.start()
}

const recoveryLines = (orders: readonly Order[], outages: readonly Outage[]): string[] => {
  const down = summaryOf(outages.map(({ killedAt, readyAt }) => readyAt - killedAt))
  const settling = summaryOf(recoveryTimes(orders, outages))
  return [`kill to ready: ${down}`, `ready to settled, orders that a kill found under way: ${settling}`]
}

const endingsOf = (orders: readonly Order[]): Map<string, number> => {
  const endings = new Map<string, number>()
  for (const { status, reason } of orders) {
    const ending = reason === undefined ? status : `${status} ${reason.code}`
    endings.set(ending, (endings.get(ending) ?? 0) + 1)
  }
  return endings
}

const tally = (counts: ReadonlyMap<string, number>): string =>
  Array.from(counts, ([name, count]) => `${count} ${name}`).join(', ') || 'none'
