import { type components, orThrow } from '../../packages/client/src/index.ts'
import { FEEDS, oneOf, onlyOne } from './arguments.ts'
import type { Command } from './command.ts'

type Readiness = components['schemas']['WorkerReadiness']

/** The system as a whole. */
export const SYSTEM_COMMANDS: Record<string, Command> = {
  health: async (api) => {
    const response = await orThrow(api.GET('/readyz'))
    const rows = Object.entries(response.workers).flatMap(rowsOf)
    return { rows, response, isIncomplete: !response.ready }
  },

  'feed off': async (api, { ids }) => {
    const feed = oneOf(FEEDS, onlyOne(ids, `Give one feed: ${FEEDS.join(' or ')}.`), 'feed off')
    await orThrow(feed === 'orders' ? api.DELETE('/feed') : api.DELETE('/feed/products'))
    const note = 'Every cursor until now is refused. The next reader without a cursor switches it on again.'
    return { rows: [[`The feed of ${feed} is off.`]], note, response: { feed } }
  },
}

const rowsOf = ([name, { ready, problems, warnings = [], errors = [] }]: [string, Readiness]): string[][] => [
  [name, ready ? 'ready' : 'not ready'],
  ...problems.map((problem) => ['', 'problem', problem]),
  ...errors.map((error) => ['', 'error', error]),
  ...warnings.map((warning) => ['', 'warning', warning]),
]
