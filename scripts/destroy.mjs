// `npm run destroy`: takes a deployment down, with its data.
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { destroySystem } from './deploy/destroy-system.ts'
import { readWorkers } from './deploy/workers.ts'
import { createWrangler } from './deploy/wrangler-command.ts'
import { endWith, Failure } from './failure.mjs'

const USAGE = `npm run destroy -- [--env NAME] [--dry-run] [--yes]

  --env NAME  the deployment of this environment instead of production
  --dry-run   prints what would go, and deletes nothing
  --yes       does not ask`

const main = async () => {
  const { values } = parseArgs({
    options: {
      env: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(USAGE)
  await destroySystem(
    { workers: readWorkers(values.env), environmentName: values.env, isDryRun: values['dry-run'] },
    {
      wrangler: createWrangler(),
      print: console.log,
      environment: process.env,
      confirm: values.yes ? async () => true : ask,
    },
  )
}

/**
 * The name has to be typed, because nothing brings the data back.
 * @param {string} name
 */
const ask = async (name) => {
  if (!process.stdin.isTTY)
    throw new Failure(
      'Nothing was deleted. There is no terminal to ask.',
      'Give --yes to delete without a question.',
    )
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question(`\nThe data cannot be restored. Type ${name} to delete it: `)
  terminal.close()
  return answer.trim() === name
}

main().catch(endWith)
