// Prints the TypeScript types of the HTTP API. `npm run client:types` writes them to packages/client/src/schema.ts.
// A file name as argument selects another OpenAPI document than the one of this checkout.
import { readFileSync } from 'node:fs'
import openapiTypes, { astToString } from 'openapi-typescript'
import { z } from 'zod'

const HEADER = `/**
 * The HTTP API as types, from its OpenAPI document. Do not edit: \`npm run client:types\` writes this file anew.
 */
`

const anyDocument = z.record(z.string(), z.unknown())

const readDocument = async () => {
  const [file] = process.argv.slice(2)
  if (file !== undefined) return anyDocument.parse(JSON.parse(readFileSync(file, 'utf8')))
  const { openApiDocument } = await import('../src/documents/openapi.ts')
  return anyDocument.parse(openApiDocument())
}

/**
 * Examples are for the readers of the document. As comments they would be two thirds of the file.
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

/** A field with a default may be left out of a request. */
const OPTIONS = { defaultNonNullable: false }

/** The generator's types for the kinds of components that the document does not have. */
const EMPTY = /^export type \S+ = Record<string, never>;\n/gm

/** The client makes calls. Webhooks go to other programs. */
const { webhooks: _webhooks, ...calls } = await readDocument()

const types = astToString(await openapiTypes(JSON.stringify(withoutExamples(calls)), OPTIONS))
process.stdout.write(HEADER + types.replace(EMPTY, ''))
