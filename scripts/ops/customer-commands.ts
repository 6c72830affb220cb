import { type Client, type components, orThrow } from '../../packages/client/src/index.ts'
import { required } from './arguments.ts'
import type { Command } from './command.ts'
import { createPaced, rateIn } from './paced.ts'

type Wanted = components['schemas']['WantedErasure']
type Portion = components['schemas']['Erasure']

/** Calls a second. Each reads a thousand orders, for which a partition needs some ten milliseconds. */
const RATE = 10

export const CUSTOMER_COMMANDS: Record<string, Command> = {
  'customers erase': async (api, { client, customer, reason, rate, 'dry-run': dryRun = false }) => {
    const paced = createPaced(rateIn(rate, RATE))
    const sum = { orders: [] as string[], waiting: [] as string[], deadLetters: 0 }
    const wanted = {
      ...{ client: required(client, '--client'), customerId: required(customer, '--customer'), dryRun },
      ...(reason !== undefined && { reason }),
    }
    for await (const portion of portionsOf(api, wanted)) {
      sum.orders.push(...portion.orders)
      sum.waiting.push(...portion.waiting)
      sum.deadLetters += portion.deadLetters
      const { part, number, of } = portion.progress
      console.error(`${part} (${number} of ${of}): ${sum.orders.length} orders, ${sum.deadLetters} letters.`)
      await paced.turn(1)
    }
    const said = dryRun ? 'would be erased' : 'was erased'
    return {
      rows: [
        [`What ${sum.orders.length} orders and ${sum.deadLetters} dead letters say of the customer ${said}.`],
        ...sum.waiting.map((id) => [`${id} waits: it is not settled, or its events are on their way.`]),
      ],
      ...(sum.waiting.length > 0 && { note: 'Run the command again once these orders are settled.' }),
      response: { dryRun, ...sum },
      isIncomplete: sum.waiting.length > 0,
    }
  },
}

async function* portionsOf(api: Client, wanted: Wanted): AsyncGenerator<Portion, void> {
  let cursor: string | undefined
  do {
    const body = { ...wanted, ...(cursor !== undefined && { cursor }) }
    const portion = await orThrow(api.POST('/customers/erase', { body }))
    yield portion
    cursor = portion.nextCursor
  } while (cursor !== undefined)
}
