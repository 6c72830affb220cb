import type { BankProfile } from '../platform/hostile-bank.ts'
import type { Random } from '../platform/random.ts'
import type { Action } from './action.ts'
import {
  drawCancellations,
  drawFeedReader,
  drawOthers,
  drawPauses,
  drawPlacement,
  drawRefunds,
  drawReplays,
  drawUnreadable,
  drawWebhookClient,
} from './draw-actions.ts'
import { drawBankProfile, drawToken } from './draw-bank.ts'
import { drawBridges } from './draw-bridges.ts'
import type { Setup } from './setup.ts'

/** What the clients do, and how the bank treats each order. */
export type Workload = {
  actions: readonly Action[]
  bankProfiles: readonly BankProfile[]
  tokens: readonly string[]
}

/** Draws the workload of a world. Each order has random streams of its own. */
export const drawWorkload = (setup: Setup, stream: (name: string) => Random): Workload => {
  const random = stream('workload')
  const chances = {
    cancel: random.pick([0, 0.2, 0.5, 1]),
    refund: random.pick([0, 0.2, 0.5]),
    other: random.pick([0, 0.3, 1]),
  }
  const orders = Array.from({ length: setup.orders }, (_, order) => order)
  const actions = orders.flatMap((order) => {
    const random = stream(`workload/${order}`)
    return [
      rushed(drawPlacement(order, setup, random, stream(`foreign/${order}`)), setup),
      ...drawCancellations(order, setup, random, chances.cancel),
      ...drawRefunds(order, setup, random, chances.refund),
      ...(setup.bank === 'stripe' ? drawRefunds(order, setup, stream(`stripe refunds/${order}`), 1) : []),
      ...drawOthers(order, setup, random, chances.other),
    ]
  })
  const bankProfiles = orders.map((order) => drawBankProfile(stream(`temper/${order}`)))
  return {
    actions: [
      ...actions,
      ...drawUnreadable(setup, stream('gibberish'), stream('variants')),
      ...drawWebhookClient(setup, stream('listener')),
      ...drawReplays(setup, stream('replays')),
      ...drawFeedReader('orders', setup, stream('order feed')),
      ...drawBridges('orders', setup, stream('bridges')),
      ...drawFeedReader('products', setup, stream('product feed')),
      ...drawBridges('products', setup, stream('product bridges')),
      ...drawPauses(setup, stream('stopped orders')),
    ],
    bankProfiles,
    tokens: bankProfiles.map((profile, order) => drawToken(setup.bank, profile, stream(`token/${order}`))),
  }
}

/** In a rush, orders come in the first milliseconds of the world. */
const rushed = (action: Action, { isRush }: Setup): Action =>
  isRush ? { ...action, atMs: action.atMs % RUSH_MS } : action

const RUSH_MS = 10

/** The same workload, with a bank that treats every order well, and without pauses: only faults delay its orders. */
export const withoutDelays = ({ actions, bankProfiles, tokens }: Workload): Workload => ({
  actions: actions.filter(({ kind }) => kind !== 'pause orders'),
  bankProfiles: bankProfiles.map(() => ({})),
  tokens: tokens.map(() => 'pm_card_visa'),
})
