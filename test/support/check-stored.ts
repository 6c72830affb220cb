import { isDeepStrictEqual } from 'node:util'
import { checkStoredWith, type StoredType } from '../../src/messaging/stored-document.ts'

/**
 * Parses every stored document that is loaded from now on, also those that production trusts: a field that its schema
 * lacks is as wrong as one that is missing, because code that reads the document by its schema would lose it.
 */
export const checkEveryStored = (): void =>
  checkStoredWith(<Value>(type: StoredType<Value>, document: unknown): Value => {
    const parsed = parse(type, document)
    if (isDeepStrictEqual(parsed, document)) return document as Value
    throw new Error(`Broken invariant: a stored ${type.name} has more than its schema: ${text(document)}`)
  })

const parse = <Value>({ name, schema }: StoredType<Value>, document: unknown): Value => {
  try {
    return schema.parse(document)
  } catch (cause) {
    throw new Error(`Broken invariant: a stored ${name} is not as its schema says: ${text(document)}`, {
      cause,
    })
  }
}

const text = (document: unknown): string => JSON.stringify(document)
