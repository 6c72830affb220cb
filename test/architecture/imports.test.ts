import { globSync, readFileSync } from 'node:fs'
import { posix, resolve } from 'node:path'
import { expect, it } from 'vitest'
import project from '../../package.json' with { type: 'json' }
import clientPackage from '../../packages/client/package.json' with { type: 'json' }

type Source = { file: string; text: string }

const ROOT = resolve(import.meta.dirname, '../..')

/** What a shared folder may import besides itself; any other folder of `src` belongs to the service of its name. */
const SHARED: Record<string, readonly string[]> = {
  'src/kernel': [],
  'src/contracts': ['src/kernel', 'zod', '@hono/zod-openapi'],
  'src/documents': ['src/contracts', 'src/kernel', 'zod', '@hono/zod-openapi'],
  'src/messaging': ['src/contracts', 'src/kernel', 'zod'],
  'src/bridge': ['src/messaging', 'src/contracts', 'src/kernel', 'zod', 'aws4fetch'],
  'src/cloudflare': [
    'src/messaging',
    'src/contracts',
    'src/kernel',
    'hono',
    '@hono/zod-openapi',
    'zod',
    'cloudflare:',
  ],
  // It knows the system by its document alone, as a stranger does, and finds at its callers only what it declares.
  'packages/client': Object.keys(clientPackage.dependencies),
}
const SERVICE = ['src/messaging', 'src/contracts', 'src/kernel', 'zod']
/** Stands for any package that another repository makes. */
const FROM_NPM = 'packages of npm'
const OURS = /^(?:src|workers|test|packages|scripts|\.\.|@edge-orders)\//
/** The order Worker has a bridge in one of its objects. */
const ALSO: Record<string, readonly string[]> = { 'workers/order': ['src/bridge'] }
const DEPLOYABLE = ['src/cloudflare', 'src/documents', 'src/messaging', 'src/contracts', 'src/kernel']

const IMPURE = [
  /\bDate\.now\b/g,
  /\bnew\s+Date\b(?!\s*\(\s*[^\s)])/g,
  /\bperformance\.now\b/g,
  /\bcrypto\b/g,
  /\bMath\.random\b/g,
  /\bset(?:Timeout|Interval)\b/g,
  /\bprocess\./g,
]

/** Where the client takes clock and chance from, as it runs at its callers. */
const CLIENT_ENVIRONMENT = 'packages/client/src/environment.ts'

it('imports point one way: workers → cloudflare → messaging → contracts → kernel', () => {
  expect(sources().flatMap(forbiddenImports)).toEqual([])
})

it('takes the clock, ids and chance as arguments in the pure folders', () => {
  expect(sources().flatMap(impurities)).toEqual([])
})

it.each([
  ['src/kernel/money.ts', "import { z } from 'zod'"],
  ['src/contracts/events.ts', "import { decide } from '../order/saga.ts'"],
  ['src/contracts/events.ts', "export * from '../messaging/pack.ts'"],
  ['src/order/saga.ts', "import type { Stock } from '../inventory/stock.ts'"],
  ['src/order/saga.ts', "import { log } from '../cloudflare/log.ts'"],
  [
    'src/order/partition/order-partition.ts',
    "import { OrderObject } from '../../../workers/order/order-object.ts'",
  ],
  ['src/messaging/pack.ts', "import { decide } from '../order/saga.ts'"],
  ['src/contracts/events.ts', "import { openApiDocument } from '../documents/openapi.ts'"],
  ['src/payment/bank.ts', "import { Hono } from 'hono'"],
  ['src/messaging/consume.ts', "import { env } from 'cloudflare:workers'"],
  ['src/cloudflare/log.ts', "import { decide } from '../order/saga.ts'"],
  ['src/cloudflare/log.ts', "type Env = import('../../workers/order/index.ts').Env"],
  ['packages/client/src/orders.ts', "import type { Order } from '../../../src/contracts/http/orders.ts'"],
  ['packages/client/src/client.ts', "import { randomUUID } from 'node:crypto'"],
  ['packages/client/src/pages.ts', "import type { MediaType } from 'openapi-typescript-helpers'"],
  ['src/contracts/caller.ts', "import { createClient } from '../../packages/client/src/index.ts'"],
  ['workers/order/index.ts', "import { createClient } from '../../packages/client/src/index.ts'"],
  ['workers/order/index.ts', "import { createClient } from '@edge-orders/client'"],
  ['workers/payment/index.ts', "import { runTurn } from '../../src/bridge/run-turn.ts'"],
  ['workers/order/index.ts', "import { StockObject } from '../inventory/stock-partition.ts'"],
  ['workers/order/index.ts', "const { stock } = await import('../../src/inventory/stock.ts')"],
  ['workers/order/index.ts', "import { eventually } from '../../test/support/eventually.ts'"],
])('refuses in %s: %s', (file, line) => {
  const violations = forbiddenImports({ file, text: `// first line\n${line}\n` })
  expect(violations).toEqual([expect.stringContaining(`${file}:2 imports '${specifiers(line)[0]?.name}'`)])
})

it.each([
  ['src/kernel/ids.ts', "import { hash } from './hash.ts'"],
  [
    'src/order/partition/order-partition.ts',
    "import type { PartitionHost } from '../../messaging/partition.ts'",
  ],
  ['src/contracts/events.ts', "import { z } from 'zod'\nimport catalogue from './demo-catalogue.json'"],
  [
    'src/order/saga.ts',
    "import { OrderPlaced } from '../contracts/events.ts' // not '../inventory/stock.ts'",
  ],
  ['workers/order/index.ts', "import { Hono } from 'hono'\nimport { decide } from '../../src/order/saga.ts'"],
])('allows in %s: %s', (file, text) => {
  expect(forbiddenImports({ file, text })).toEqual([])
})

it.each([
  'const now = Date.now()',
  'const now = new Date()',
  'const now = new Date( ).toISOString()',
  'const id = crypto.randomUUID()',
  'const chance = Math.random()',
  'setTimeout(retry, 5)',
])('refuses in a pure folder: %s', (line) => {
  for (const file of ['src/order/saga.ts', 'packages/client/src/retry.ts']) {
    const violations = impurities({ file, text: `/*\n*/ ${line}` })
    expect(violations).toEqual([expect.stringContaining(`${file}:2 says '`)])
  }
})

it.each(['new Date(now).toISOString()', '// Date.now is not for here', "const note = 'no crypto'"])(
  'allows in a pure folder: %s',
  (text) => {
    expect(impurities({ file: 'src/order/saga.ts', text })).toEqual([])
  },
)

const SOURCES = ['{src,workers}/**/*.{ts,tsx}', 'packages/*/src/**/*.ts']

const sources = (): Source[] => {
  const files = SOURCES.map((pattern) => globSync(pattern, { cwd: ROOT }))
  for (const found of files) expect(found.length, 'TypeScript files found').toBeGreaterThan(0)
  return files.flat().map((file) => ({ file, text: readFileSync(resolve(ROOT, file), 'utf8') }))
}

const forbiddenImports = ({ file, text }: Source): string[] => {
  const allowed = allowedIn(folderOf(file))
  return specifiers(text)
    .filter(({ name }) => !allowed.some((prefix) => startsWithin(target(file, name), prefix)))
    .map(
      ({ name, line }) =>
        `${file}:${line} imports '${name}', but ${folderOf(file)} may import only ${allowed.join(', ')}`,
    )
}

/** The two first segments: `src/order`, `workers/payment`. */
const folderOf = (file: string): string => file.split('/').slice(0, 2).join('/')

const allowedIn = (folder: string): readonly string[] => {
  const [top, name] = folder.split('/')
  if (top === 'workers') return [folder, `src/${name}`, ...(ALSO[folder] ?? []), ...DEPLOYABLE, FROM_NPM]
  return [folder, ...(SHARED[folder] ?? SERVICE)]
}

/** A path from the root for a file of ours, the name as it stands for a package. `#name` is in package.json. */
const target = (file: string, name: string): string => {
  if (name in project.imports) return posix.normalize(filesOf(name as keyof typeof project.imports))
  return name.startsWith('.') ? posix.join(posix.dirname(file), name) : name
}

/** The file that deployments get. */
const filesOf = (name: keyof typeof project.imports): string => {
  const files = project.imports[name]
  return typeof files === 'string' ? files : files.default
}

const startsWithin = (imported: string, prefix: string): boolean => {
  if (prefix === FROM_NPM) return !OURS.test(imported)
  if (prefix.endsWith(':')) return imported.startsWith(prefix)
  return imported === prefix || imported.startsWith(`${prefix}/`)
}

const specifiers = (text: string) =>
  [...withoutComments(text).matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"\n]+)['"]/g)].map((match) => ({
    name: match[1] ?? '',
    line: lineAt(text, match.index),
  }))

const impurities = ({ file, text }: Source): string[] => {
  const folder = folderOf(file)
  if (folder.startsWith('workers/') || folder === 'src/cloudflare' || file === CLIENT_ENVIRONMENT) return []
  const code = withoutStrings(withoutComments(text))
  return IMPURE.flatMap((pattern) => [...code.matchAll(pattern)]).map(
    ({ 0: said, index }) =>
      `${file}:${lineAt(text, index)} says '${said}', but ${folder} takes it as an argument`,
  )
}

const COMMENT_OR_STRING = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g

/** Blanks keep every offset and line where it was. */
const blank = (text: string): string => text.replace(/[^\n]/g, ' ')

const withoutComments = (text: string): string =>
  text.replace(COMMENT_OR_STRING, (found) => (found.startsWith('/') ? blank(found) : found))

const withoutStrings = (text: string): string => text.replace(COMMENT_OR_STRING, blank)

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length
