// `npm run licences`: compares the licences of all locked packages, of every platform, with a list.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkLicences, readLockFile } from './dependencies/licences.mjs'
import { ROOT } from './wrangler.mjs'

const { refused, counts } = checkLicences(readLockFile(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')))
for (const { license, packages } of counts) console.log(`${String(packages).padStart(4)} ${license}`)
if (refused.length > 0) {
  console.error(
    `\nThese packages have a licence that is not allowed:\n${refused.join('\n')}\nReplace them, or allow the licence in scripts/dependencies/licences.mjs.`,
  )
  process.exitCode = 1
}
