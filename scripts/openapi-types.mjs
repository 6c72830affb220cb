// Prints the TypeScript types of the HTTP API: `npm run client:types` writes packages/client/src/schema.ts with it.
// With a file name it reads that OpenAPI document, without one it is the document of this checkout.
import { readFileSync } from 'node:fs'
import openapiTypes, { astToString } from 'openapi-typescript'

const HEADER = `/**
 * The HTTP API as types, from its OpenAPI document. Do not edit: \`npm run client:types\` writes this file anew.
 */
`

/** @returns {Promise<Record<string, unknown>>} */
const readDocument = async () => {
  const [file] = process.argv.slice(2)
  if (file !== undefined) return JSON.parse(readFileSync(file, 'utf8'))
  const { openApiDocument } = await import('../src/documents/openapi.ts')
  return JSON.parse(JSON.stringify(openApiDocument()))
}

/**
 * Examples are for readers of the document: as comments they would be two thirds of the file.
 * @param {unknown} node
 * @returns {unknown}
 */
const withoutExamples = (node) => {
  if (Array.isArray(node)) return node.map(withoutExamples)
  if (typeof node !== 'object' || node === null) return node
  const isDescribed = 'schema' in node
  return Object.fromEntries(
    Object.entries(node)
      .filter(([name]) => !isDescribed || (name !== 'example' && name !== 'examples'))
      .map(([name, value]) => [name, withoutExamples(value)]),
  )
}

/** Who leaves out what has a default need not say it. */
const OPTIONS = { defaultNonNullable: false }

/** What the document has none of. */
const EMPTY = /^export type \S+ = Record<string, never>;\n/gm

/** The client makes calls; webhooks come to other programs. */
const { webhooks: _webhooks, ...calls } = await readDocument()

const types = astToString(await openapiTypes(withoutExamples(calls), OPTIONS))
process.stdout.write(HEADER + types.replace(EMPTY, ''))
