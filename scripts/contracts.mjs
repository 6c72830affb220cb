// `npm run check` and `npm run contracts`: what is published in contracts/ is what the schemas say, and breaks nobody.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { asyncApiDocument } from '../src/documents/asyncapi.ts'
import { openApiDocument } from '../src/documents/openapi.ts'
import { compareAsyncApi, compareOpenApi } from './contracts/compare-documents.mjs'
import { Failure } from './failure.mjs'
import { ROOT } from './wrangler.mjs'

const DOCUMENTS = [
  { file: 'contracts/openapi.json', make: openApiDocument, compare: compareOpenApi },
  { file: 'contracts/asyncapi.json', make: asyncApiDocument, compare: compareAsyncApi },
]

const HOW_TO_CHANGE = `How to do it right:
- An event: raise its version in src/contracts/events.ts, keep reading the old one (src/contracts/upcast.ts,
  src/documents/event-schemas.ts), and add a fixture of the new version in test/contract/fixtures.
- A call: add an optional field or a new call beside the old one; what is published stays as it is.
Only where nobody has relied on it yet: npm run contracts -- --break`

const main = () => {
  const { values } = parseArgs({
    options: { update: { type: 'boolean', default: false }, break: { type: 'boolean', default: false } },
  })
  const breaks = values.break ? [] : DOCUMENTS.flatMap(breaksOf)
  if (breaks.length > 0) {
    throw new Failure(
      `The contracts would break:\n${breaks.map((each) => `  ${each}`).join('\n')}`,
      HOW_TO_CHANGE,
    )
  }
  const stale = DOCUMENTS.filter(({ file, make }) => textOf(file) !== print(make()))
  if (values.update || values.break) {
    for (const { file, make } of stale) writeFileSync(join(ROOT, file), print(make()))
    return console.log(
      stale.length === 0
        ? 'The contracts are up to date.'
        : `Written: ${stale.map(({ file }) => file).join(', ')}`,
    )
  }
  if (stale.length === 0) return console.log('The contracts are as published.')
  throw new Failure(
    `The contracts have changed, in a way that breaks nobody: ${stale.map(({ file }) => file).join(', ')}`,
    'Run npm run contracts, and commit what it writes.',
  )
}

/** @param {(typeof DOCUMENTS)[number]} document */
const breaksOf = ({ file, make, compare }) => {
  const text = textOf(file)
  if (text === undefined) return []
  if (text.includes('\n<<<<<<< '))
    throw new Failure(`${file} has a conflict.`, `git checkout --ours ${file}, and npm run contracts`)
  return compare(JSON.parse(text), JSON.parse(JSON.stringify(make()))).map((found) => `${file}: ${found}`)
}

/** @param {string} file */
const textOf = (file) => (existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), 'utf8') : undefined)

/** @param {unknown} document */
const print = (document) => `${JSON.stringify(document, null, 1)}\n`

try {
  main()
} catch (error) {
  if (!(error instanceof Failure)) throw error
  console.error(error.message)
  process.exit(1)
}
