// `npm run licences`: the licences of all locked packages, on every platform, held to a list.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkLicences } from './dependencies/licences.mjs'
import { ROOT } from './wrangler.mjs'

const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
const { refused, counts } = checkLicences(packages)
for (const { license, packages: count } of counts) console.log(`${String(count).padStart(4)} ${license}`)
if (refused.length > 0) {
  console.error(`\nNot allowed by scripts/dependencies/licences.mjs:\n${refused.join('\n')}`)
  process.exitCode = 1
}
