import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './wrangler.mjs'

const FOLDERS = ['.', 'workers/payment', 'workers/operations']

/** Makes each `.dev.vars` from its example. The developer's own values stay as they are. */
export const makeDevVars = () => {
  for (const folder of FOLDERS) make(join(ROOT, folder))
}

/** The same for `wrangler dev`, which reads a developer's `.env` only where there is no `.dev.vars`. */
export const makeDevVarsUnlessChosen = () => {
  for (const folder of FOLDERS) {
    if (!OTHERS.some((name) => existsSync(join(ROOT, folder, name)))) make(join(ROOT, folder))
  }
}

const OTHERS = ['.env', '.env.local']

/** @param {string} folder */
const make = (folder) => {
  const file = join(folder, '.dev.vars')
  if (!existsSync(file)) copyFileSync(`${file}.example`, file)
}
