// `npm run new-subscriber shipping`: writes a service that gets facts about orders, with all that it is wired into.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { ANNOUNCED } from '../src/contracts/webhook-types.ts'
import { endWith, Failure } from './failure.mjs'
import { checkAsked, planSubscriber } from './new-subscriber/plan.ts'
import { ROOT } from './wrangler.mjs'

/** The two facts with which most services begin. */
const TYPES_DEFAULT = 'OrderConfirmed,OrderCancelled'

/**
 * What is generated from the new lines. Each may be run again by hand.
 * @type {{ command: string, args: string[], into?: string }[]}
 */
const GENERATORS = [
  { command: 'npm run types', args: ['scripts/types.mjs'] },
  { command: 'npm run contracts', args: ['scripts/contracts.mjs', '--update'] },
  {
    command: 'npm run -s client:types',
    args: ['scripts/openapi-types.mjs'],
    into: 'packages/client/src/schema.ts',
  },
]

const tree = {
  read: (/** @type {string} */ file) => readFileSync(join(ROOT, file), 'utf8'),
  exists: (/** @type {string} */ file) => existsSync(join(ROOT, file)),
}

const main = () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { events: { type: 'string', default: TYPES_DEFAULT } },
  })
  const asked = { name: positionals[0] ?? '', types: values.events.split(',').filter(Boolean) }
  checkAsked(asked, ANNOUNCED, tree)
  const writes = planSubscriber(asked, tree)
  for (const [file, text] of Object.entries(writes)) write(file, text)
  format(Object.keys(writes).filter((file) => file.endsWith('.ts')))
  for (const generator of GENERATORS) generate(generator)
  console.log(
    [
      `The service ${asked.name} gets ${asked.types.join(', ')}. Written:`,
      ...Object.keys(writes).map((file) => `  ${file}`),
      '',
      `Begin in src/${asked.name}/policy.ts. \`npm start\` runs it, \`npm run deploy\` deploys it, docs/add-a-subscriber.md explains it.`,
    ].join('\n'),
  )
}

/**
 * @param {string} file
 * @param {string} text
 */
const write = (file, text) => {
  mkdirSync(dirname(join(ROOT, file)), { recursive: true })
  writeFileSync(join(ROOT, file), text)
}

/** @param {string[]} files */
const format = (files) =>
  generate({
    command: 'npm run format',
    args: ['node_modules/@biomejs/biome/bin/biome', 'check', '--write', ...files],
  })

/** @param {{ command: string, args: string[], into?: string }} generator */
const generate = ({ command, args, into }) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' })
  if (status !== 0)
    throw new Failure(
      `The service is written, but \`${command}\` failed:\n\n${stdout}${stderr}`,
      'Correct what it names, and run it again.',
    )
  if (into !== undefined) write(into, stdout)
}

try {
  main()
} catch (error) {
  endWith(error)
}
