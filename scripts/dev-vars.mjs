import { randomBytes } from 'node:crypto'
import { appendFileSync, copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { ROOT } from './wrangler.mjs'

const FOLDERS = ['.', 'workers/payment', 'workers/operations']

/** The Workers of these folders store what must be sealed or hashed. */
const WITH_STORAGE_KEY = ['.', 'workers/operations']

/** Makes each `.dev.vars` from its example, with a `STORAGE_KEY`. The developer's own values stay as they are. */
export const makeDevVars = () => {
  for (const folder of FOLDERS) make(folder)
}

/**
 * The same for `wrangler dev`, unless the developer sets these variables in an `.env`: wrangler ignores an `.env` beside a
 * `.dev.vars`.
 */
export const makeDevVarsUnlessChosen = () => {
  for (const folder of FOLDERS) {
    const place = join(ROOT, folder)
    const named = variablesIn(join(place, '.dev.vars.example'))
    const chosen = [join(place, '.env'), join(place, '.env.local')].flatMap(variablesIn)
    if (existsSync(join(place, '.dev.vars')) || !named.some((name) => chosen.includes(name))) make(folder)
  }
}

/** @param {string} file */
const variablesIn = (file) => (existsSync(file) ? Object.keys(parseEnv(readFileSync(file, 'utf8'))) : [])

/** @param {string} folder */
const make = (folder) => {
  const file = join(ROOT, folder, '.dev.vars')
  if (!existsSync(file)) copyFileSync(`${file}.example`, file)
  const hasKey = variablesIn(file).some((name) => name.startsWith('STORAGE_KEY'))
  if (!hasKey && WITH_STORAGE_KEY.includes(folder)) addStorageKey(file)
}

/**
 * Each Worker has a key of its own, made once for a checkout. With another key it could not sign its webhooks any more.
 * @param {string} file
 */
const addStorageKey = (file) => {
  const end = /(^|\n)$/.test(readFileSync(file, 'utf8')) ? '' : '\n'
  appendFileSync(file, `${end}STORAGE_KEY=${makeStorageKey()}\n`)
}

/** 32 random bytes in the format of src/cloudflare/storage-key.ts. */
export const makeStorageKey = () => randomBytes(32).toString('hex')
