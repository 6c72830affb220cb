/** How documents of one type are stored as JSON and read again. Each type declares its own with `storedType`, beside it. */
export type StoredType<Value> = {
  /** The name in errors. */
  name: string
  /** The version that this code writes: one more than there are upcasts. */
  version: number
  schema: Schema<Value>
  upcasts: readonly Upcast[]
  /** The mark of what this code writes: the oldest version whose code can read that. */
  mark: number
}

/** Parses a document of today's version, and throws for any other value. Every schema of zod fits this type. */
type Schema<Value> = { parse(value: unknown): Value }

/** Makes the next version of a document. It assumes little of the older one, because no schema has checked that one. */
type Upcast = (older: Record<string, unknown>) => unknown

/**
 * Declares a stored type. The first upcast makes version 2 of version 1, so the newest version is one more than there
 * are upcasts. When the shape of a type changes, append an upcast, and add a golden row in `test/contract/stored`. If the
 * code of an older version can read the new shape, because it only has a field more, `mark` is that older version: then a
 * release can be rolled back. The upcast meets the new shape too, and leaves it as it is.
 */
export const storedType = <Value>(
  name: string,
  schema: Schema<Value>,
  upcasts: readonly Upcast[] = [],
  mark = upcasts.length + 1,
): StoredType<Value> => ({ name, version: upcasts.length + 1, schema, upcasts, mark })

/**
 * The document as JSON. Version 1 has no mark, so the rows that older code has stored need none. A later version is
 * marked with `v`. An array has no room for the mark: its next version is an object.
 */
export const toStored = <Value extends object>(type: StoredType<Value>, value: Value): string =>
  JSON.stringify(marked(type, value))

/** The document with its mark, for a type that is not stored as one text. */
export const marked = <Value extends object>({ mark }: StoredType<Value>, value: Value): object =>
  mark === 1 ? value : { v: mark, ...value }

/** The document that this JSON text holds. */
export const readStored = <Value>(type: StoredType<Value>, text: string): Value =>
  fromStored(type, JSON.parse(text))

/**
 * The document in a JSON value. Production trusts a document of today's version: a parse by schema would make each load
 * of an order two to three times as expensive. An older document is upcast and parsed. A newer one is refused, because
 * this code does not know its meaning, and would lose a part of it when it stores it again.
 */
export const fromStored = <Value>(type: StoredType<Value>, value: unknown): Value => {
  const { version, document } = withoutMark(value)
  if (version === type.version) return check(type, document)
  if (version < type.version) return type.schema.parse(upcast(type, document, version))
  throw new Error(
    `A stored ${type.name} has version ${version}, this code knows ${type.version}: roll forward to the release that stored it, or to a newer one.`,
  )
}

const withoutMark = (value: unknown): { version: number; document: unknown } => {
  if (typeof value !== 'object' || value === null || !('v' in value)) return { version: 1, document: value }
  const { v: version, ...document } = value
  if (typeof version === 'number' && Number.isInteger(version) && version > 1) return { version, document }
  throw new Error(`Broken invariant: a stored document has the version ${JSON.stringify(version)}`)
}

const upcast = ({ upcasts }: StoredType<unknown>, document: unknown, version: number): unknown =>
  upcasts.slice(version - 1).reduce((older, next) => next(older as Record<string, unknown>), document)

/** Looks at a document of today's version before it is used. */
export type StoredCheck = <Value>(type: StoredType<Value>, document: unknown) => Value

const trust: StoredCheck = <Value>(_type: StoredType<Value>, document: unknown) => document as Value

let check = trust

/** Tests and the simulation parse also what production trusts. It holds for the whole process. */
export const checkStoredWith = (other: StoredCheck): void => {
  check = other
}
