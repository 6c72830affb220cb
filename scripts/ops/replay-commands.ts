import { type Client, type components, orThrow } from '../../packages/client/src/index.ts'
import { REPLAYABLE } from '../../src/contracts/replay.ts'
import type { Service } from '../../src/contracts/topology.ts'
import { type Arguments, oneOf, required } from './arguments.ts'
import type { Command } from './command.ts'
import { typesIn } from './event-types.ts'
import { createPaced, rateIn } from './paced.ts'
import { UsageError } from './usage.ts'

type Wanted = components['schemas']['WantedReplay']
type Portion = components['schemas']['Replay']

/** Events a second: a tenth of what a consumer handles, so that new orders come first. */
const RATE = 50

const ORDERS_A_CALL_MAX = 100

const SUBSCRIBERS = Object.keys(REPLAYABLE) as Service[]

export const REPLAY_COMMANDS: Record<string, Command> = {
  replay: async (api, given) => {
    const rate = rateIn(given.rate, RATE)
    const paced = createPaced(rate)
    const sum = { orders: 0, events: 0, heldBack: 0, notFound: [] as string[] }
    const wanted = wantedBy(given)
    const said = wanted.dryRun ? 'would be sent' : 'sent'
    for await (const portion of portionsOf(api, wanted, given.order, Math.ceil(rate))) {
      sum.orders += portion.orders
      sum.events += portion.events
      sum.heldBack += portion.heldBack
      sum.notFound.push(...portion.notFound)
      console.error(`${sum.orders} orders: ${sum.events} events ${said}, ${sum.heldBack} held back.`)
      if (!wanted.dryRun) await paced.turn(portion.events)
    }
    return {
      rows: [
        [`${sum.events} events of ${sum.orders} orders ${said} to ${wanted.to}.`],
        ...(sum.heldBack === 0 ? [] : [[`${sum.heldBack} events held back: they might have an effect.`]]),
        ...sum.notFound.map((id) => [`There is no order ${id}.`]),
      ],
      response: { to: wanted.to, dryRun: wanted.dryRun, ...sum },
      isIncomplete: sum.notFound.length > 0,
    }
  },
}

const wantedBy = ({ to, type, since, until, reason, order, 'dry-run': dryRun = false }: Arguments) => {
  if ((order === undefined) === (since === undefined)) throw new UsageError('Give either --order or --since.')
  return {
    to: oneOf(SUBSCRIBERS, required(to, '--to'), '--to'),
    ...typesIn(type),
    ...(since !== undefined && { placedAfter: since }),
    ...(until !== undefined && { placedBefore: until }),
    ...(reason !== undefined && { reason }),
    dryRun,
  } satisfies Wanted
}

/** Portion by portion: the named orders, or those of the time. */
async function* portionsOf(
  api: Client,
  wanted: Wanted,
  orders: readonly string[] | undefined,
  most: number,
): AsyncGenerator<Portion, void> {
  const limit = Math.min(ORDERS_A_CALL_MAX, most)
  if (orders !== undefined) {
    for (let start = 0; start < orders.length; start += limit) {
      const orderIds = orders.slice(start, start + limit)
      yield await orThrow(api.POST('/replays', { body: { ...wanted, orderIds } }))
    }
    return
  }
  let cursor: string | undefined
  do {
    const body = { ...wanted, limit, ...(cursor !== undefined && { cursor }) }
    const portion = await orThrow(api.POST('/replays', { body }))
    yield portion
    cursor = portion.nextCursor
  } while (cursor !== undefined)
}
