import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../../..')

const isIgnored = (path: string): boolean => {
  try {
    execFileSync('git', ['check-ignore', '--no-index', '-q', path], { cwd: ROOT })
    return true
  } catch {
    return false
  }
}

const isRepository = existsSync(resolve(ROOT, '.git'))

it.skipIf(!isRepository).each(['', 'workers/payment/', 'workers/operations/'])(
  'git takes no file of secrets in "%s"',
  (folder) => {
    const secret = ['.dev.vars', '.dev.vars.production', '.env', '.env.local', '.env.prod']
    expect(secret.filter((name) => !isIgnored(folder + name))).toEqual([])
    expect(['.dev.vars.example', '.env.example'].filter((name) => isIgnored(folder + name))).toEqual([])
  },
)
