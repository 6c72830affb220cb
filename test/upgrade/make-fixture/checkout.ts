import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../../..')

/** Clones a commit of this repository into a folder, with its packages. */
export const checkOut = (commit: string, checkout: string): void => {
  execFileSync('git', ['clone', '--quiet', ROOT, checkout])
  execFileSync('git', ['-C', checkout, 'checkout', '--quiet', commit])
  install(checkout)
}

/** A release with the packages of today takes those that are here. */
const install = (checkout: string): void => {
  const lockOf = (folder: string) => readFileSync(join(folder, 'package-lock.json'), 'utf8')
  if (lockOf(checkout) !== lockOf(ROOT)) {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: checkout, stdio: 'inherit' })
    return
  }
  cpSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'), {
    recursive: true,
    verbatimSymlinks: true,
  })
}
