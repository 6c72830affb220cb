import { orThrow } from '../../packages/client/src/index.ts'
import { CONSUMERS } from '../../src/contracts/dead-letter.ts'
import { type Arguments, numberIn, oneOf, onlyOne } from './arguments.ts'
import type { Command, Report } from './command.ts'

type Faults = {
  duplicates: boolean
  delaySeconds: number
  crashing: readonly string[]
  stopped: readonly string[]
  bank: string
}

/** Drills: what goes wrong around the Workers of a demo. */
export const FAULT_COMMANDS: Record<string, Command> = {
  'faults show': async (api) => reportOn(await orThrow(api.GET('/simulator/faults'))),

  'faults set': async (api, given) =>
    reportOn(await orThrow(api.POST('/simulator/faults', { body: faultsIn(given) }))),

  'faults poison': async (api, { ids }) => {
    const queue = oneOf(INBOXES, onlyOne(ids, 'Give the name of one inbox.'), 'faults poison')
    const response = await orThrow(api.POST('/simulator/poison', { body: { queue } }))
    return { rows: [[`${response.eventId} is on its way to ${queue}.`]], response }
  },

  'faults clear': async (api) => reportOn(await orThrow(api.POST('/simulator/faults', { body: {} }))),
}

const INBOXES = CONSUMERS.map((consumer) => `${consumer}-inbox` as const)

const faultsIn = ({ duplicates = false, delay, crashing, stopped, bank }: Arguments) => ({
  duplicates,
  ...(delay !== undefined && { delaySeconds: numberIn(delay, '--delay') }),
  ...(crashing !== undefined && { crashing: consumersIn(crashing, '--crashing') }),
  ...(stopped !== undefined && { stopped: consumersIn(stopped, '--stopped') }),
  ...(bank !== undefined && { bank: oneOf(['well', 'slow', 'failing'], bank, '--bank') }),
})

const consumersIn = (given: string, flag: string) =>
  given.split(',').map((consumer) => oneOf(CONSUMERS, consumer, flag))

const reportOn = (faults: Faults): Report => {
  const { duplicates, delaySeconds, crashing, stopped, bank } = faults
  const rows = [
    ...(duplicates ? [['every message comes twice']] : []),
    ...(delaySeconds > 0 ? [[`every message comes ${delaySeconds} s later`]] : []),
    ...crashing.map((consumer) => [`the consumer of ${consumer} will crash once`]),
    ...stopped.map((consumer) => [`the consumer of ${consumer} is stopped`]),
    ...(bank === 'well' ? [] : [`the bank is ${bank}`]).map((row) => [row]),
  ]
  return { rows, ...(rows.length === 0 && { note: 'No fault is set.' }), response: faults }
}
