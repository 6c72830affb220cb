import { hexOf } from '../kernel/hex.ts'

/**
 * `STORAGE_KEY` is each Worker's own secret. A Worker seals and hashes with keys derived from it, and no other Worker can
 * open the result. A secret that is set cannot be read back, so a key is replaced by a second one under the next name
 * (`STORAGE_KEY_2`, `STORAGE_KEY_3`, …): the newest seals, the older ones still open.
 */
export type StorageKeys = {
  /** New seals and hashes are made with this key. Undefined where the Worker has no usable key. */
  current: StorageKey | undefined
  /** Newest first. */
  all: readonly StorageKey[]
  /** The faults of keys that are set. A faulty key is not used. */
  faults: readonly string[]
}

export type StorageKey = {
  /** Names the key beside a seal or hash, and reveals nothing of the key: 16 hexadecimal digits. */
  id: () => Promise<string>
  /** A key for one purpose alone (HKDF-SHA-256, RFC 5869), derived once in the life of an isolate. */
  deriveKey: (use: KeyUse, purpose: string) => Promise<CryptoKey>
}

type KeyUse = 'HMAC' | 'AES-GCM'

/** The same `env` serves an isolate for all its life. */
const known = new WeakMap<object, StorageKeys>()

/** The keys of the Worker whose bindings these are. */
export const storageKeysOf = (env: object): StorageKeys => {
  const keys = known.get(env) ?? readStorageKeys(env)
  known.set(env, keys)
  return keys
}

/** For `/readyz`: which key is missing or wrong, what that costs, and how to set one. */
export const storageKeyWarnings = (
  env: object,
  { config, consequence }: { config: string; consequence: string },
): string[] => {
  const { current, faults } = storageKeysOf(env)
  const setIt = `\`npm run deploy\` makes it where there is none; by hand: \`openssl rand -hex 32 | npx wrangler secret put STORAGE_KEY -c ${config}\`; locally \`npm start\` puts it into .dev.vars beside ${config}`
  if (current !== undefined || faults.length > 0) return [...faults]
  return [`STORAGE_KEY is not set, so ${consequence}: ${setIt}.`]
}

/** Two digits allow more replacements than a deployment will see. */
const NAME = /^STORAGE_KEY(?:_([2-9]|[1-9]\d))?$/

const readStorageKeys = (env: object): StorageKeys => {
  const set = Object.entries(env)
    .flatMap(([name, secret]) => namedKey(name, secret))
    .toSorted((one, other) => other.version - one.version)
  const all = set.filter(({ secret }) => isRandom(secret)).map(({ secret }) => createStorageKey(secret))
  return { current: all[0], all, faults: set.filter(({ secret }) => !isRandom(secret)).map(faultOf) }
}

type NamedKey = { name: string; version: number; secret: string }

/** An empty secret counts as not set. */
const namedKey = (name: string, secret: unknown): NamedKey[] => {
  const match = NAME.exec(name)
  if (match === null || typeof secret !== 'string' || secret === '') return []
  return [{ name, version: Number(match[1] ?? 1), secret }]
}

const faultOf = ({ name }: NamedKey): string =>
  `${name} is not used: it must be 32 random bytes as text, such as \`openssl rand -hex 32\` prints`

/** No password will do: seals and hashes lie in databases for years, so an attacker has years to guess the key. */
const isRandom = (secret: string): boolean =>
  (/^[0-9a-fA-F]{64,}$/.test(secret) ||
    (/^[\w+/-]{43,}={0,2}$/.test(secret) && !/^[0-9a-fA-F]*$/.test(secret))) &&
  new Set(secret).size >= DIFFERENT_CHARACTERS_MIN &&
  !/^(.{1,32}?)\1+$/.test(secret)

/** 64 random hexadecimal digits have fewer different ones less than once in a million million times. */
const DIFFERENT_CHARACTERS_MIN = 8

const createStorageKey = (secret: string): StorageKey => {
  const material = once(() =>
    crypto.subtle.importKey('raw', bytesOf(secret), 'HKDF', false, ['deriveKey', 'deriveBits']),
  )
  const derived = new Map<string, Promise<CryptoKey>>()
  return {
    id: once(async () =>
      hexOf(new Uint8Array(await crypto.subtle.deriveBits(derivation('key id'), await material(), 64))),
    ),
    deriveKey: (use, purpose) => {
      const name = `${use} ${purpose}`
      const key = derived.get(name) ?? derive(material, use, purpose)
      derived.set(name, key)
      return key
    },
  }
}

const derive = async (
  material: () => Promise<CryptoKey>,
  use: KeyUse,
  purpose: string,
): Promise<CryptoKey> => {
  const { algorithm, usages } = USES[use]
  return await crypto.subtle.deriveKey(derivation(purpose), await material(), algorithm, false, usages)
}

const USES = {
  HMAC: { algorithm: { name: 'HMAC', hash: 'SHA-256', length: 256 }, usages: ['sign', 'verify'] },
  'AES-GCM': { algorithm: { name: 'AES-GCM', length: 256 }, usages: ['encrypt', 'decrypt'] },
}

const derivation = (purpose: string) => ({
  name: 'HKDF',
  hash: 'SHA-256',
  salt: bytesOf(''),
  info: bytesOf(`edge-orders ${purpose} 1`),
})

const once = <Value>(make: () => Promise<Value>): (() => Promise<Value>) => {
  let value: Promise<Value> | undefined
  return () => {
    value ??= make()
    return value
  }
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
