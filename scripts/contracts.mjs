// `npm run check` and `npm run contracts`: contracts/ says the same as the schemas in src/, and no change breaks a client
// or a consumer.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { asyncApiDocument } from '../src/documents/asyncapi.ts'
import { openApiDocument } from '../src/documents/openapi.ts'
import { compareAsyncApi } from './contracts/compare-asyncapi.ts'
import { compareOpenApi } from './contracts/compare-openapi.ts'
import { Failure } from './failure.mjs'
import { ROOT } from './wrangler.mjs'

const DOCUMENTS = [
  { file: 'contracts/openapi.json', make: openApiDocument, compare: compareOpenApi },
  { file: 'contracts/asyncapi.json', make: asyncApiDocument, compare: compareAsyncApi },
]

const HOW_TO_CHANGE = `How to change it without a break:
- An event: raise its version in src/contracts/events.ts. Keep reading the old version (src/contracts/upcast.ts,
  src/documents/event-schemas.ts). Add a fixture of the new version in test/contract/fixtures.
- A call: add an optional field, or add a new call beside the old one. Published parts stay as they are.
Only if no client and no consumer relies on it yet: npm run contracts -- --break`

const main = () => {
  const { values } = parseArgs({
    options: { update: { type: 'boolean', default: false }, break: { type: 'boolean', default: false } },
  })
  if (!values.break) refuseBreaks()
  const stale = DOCUMENTS.filter(({ file, make }) => textOf(file) !== print(make()))
  const files = stale.map(({ file }) => file).join(', ')
  if (values.update || values.break) {
    for (const { file, make } of stale) writeFileSync(join(ROOT, file), print(make()))
    return console.log(stale.length === 0 ? 'The contracts are up to date.' : `Written: ${files}`)
  }
  if (stale.length === 0) return console.log('The contracts are as published.')
  throw new Failure(
    `The contracts have changed, and the change breaks no client or consumer: ${files}`,
    'Run npm run contracts, and commit the files that it writes.',
  )
}

const refuseBreaks = () => {
  const breaks = DOCUMENTS.flatMap(breaksOf)
  if (breaks.length === 0) return
  const list = breaks.map((each) => `  ${each}`).join('\n')
  throw new Failure(`The change breaks the published contracts:\n${list}`, HOW_TO_CHANGE)
}

const document = z.record(z.string(), z.unknown())

/** @param {(typeof DOCUMENTS)[number]} contract */
const breaksOf = ({ file, make, compare }) => {
  const text = textOf(file)
  if (text === undefined) return []
  if (text.includes('\n<<<<<<< '))
    throw new Failure(
      `${file} has a merge conflict.`,
      `Run git checkout --ours ${file}, and then npm run contracts.`,
    )
  const published = document.parse(JSON.parse(text))
  const current = document.parse(JSON.parse(JSON.stringify(make())))
  return compare(published, current).map((found) => `${file}: ${found}`)
}

/** @param {string} file */
const textOf = (file) => (existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), 'utf8') : undefined)

/** @param {unknown} content */
const print = (content) => `${JSON.stringify(content, null, 1)}\n`

try {
  main()
} catch (error) {
  if (!(error instanceof Failure)) throw error
  console.error(error.message)
  process.exit(1)
}
