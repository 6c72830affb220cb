import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')

const PAGES = globSync(['*.md', 'llms.txt', 'docs/**/*.md', '.github/**/*.md', 'packages/client/*.md'], {
  cwd: ROOT,
}).sort()

const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

/** Without fenced blocks: what stands there is data. */
const proseOf = (file: string): string => textOf(file).replaceAll(/^```.*?^```$/gms, '')

/** GitHub's anchors: lower case, punctuation gone, spaces to hyphens. */
const anchorsOf = (file: string): string[] =>
  [...textOf(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

const brokenLinksOf = (page: string): string[] =>
  [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^(?:https?:|mailto:|\/)/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#')
      const file = path === '' ? page : relative(ROOT, resolve(ROOT, dirname(page), path))
      if (!existsSync(join(ROOT, file))) return true
      return anchor !== undefined && !anchorsOf(file).includes(anchor)
    })

describe.each(PAGES)('%s', (page) => {
  it('has no link that leads nowhere', () => {
    expect(brokenLinksOf(page)).toEqual([])
  })

  it('names only npm scripts that there are', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }
    const named = [...textOf(page).matchAll(/npm run (?:-s |--silent )?([a-z0-9:]+(?:-[a-z0-9]+)*)/g)].map(
      ([, name = '']) => name,
    )
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([])
  })
})

/** Decisions and lists of changes tell of what was. */
const OF_TODAY = PAGES.filter((page) => !page.startsWith('docs/decisions/') && page !== 'CHANGELOG.md')

it.each(OF_TODAY)('%s names only files that there are', (page) => {
  const named = [...proseOf(page).matchAll(/`((?:src|workers|test|scripts|docs|packages)\/[\w./*-]+)`/g)].map(
    ([, path = '']) => path,
  )
  // `npm start` makes each .dev.vars from its example.
  const isThere = (path: string) =>
    globSync([path, `${path}.example`, `${path}.ts`, `${path}.test.ts`], { cwd: ROOT }).length > 0
  expect(named.filter((path) => !isThere(path))).toEqual([])
})

const FILE_NAMES = new Set(
  globSync('{src,workers,test,scripts,packages}/**/*.{ts,tsx,mjs}', {
    cwd: ROOT,
    exclude: (path) => String(path).includes('node_modules'),
  }).map((file) => file.split('/').at(-1)),
)

it.each(OF_TODAY)('%s names only files that there are, also without their folder', (page) => {
  const named = [...proseOf(page).matchAll(/`([\w-]+\.(?:ts|tsx|mjs))`/g)].map(([, name = '']) => name)
  expect(named.filter((name) => !FILE_NAMES.has(name))).toEqual([])
})

/** Pages say "`decide` in `src/order/saga.ts`" where a reader looks for a rule. */
it.each(OF_TODAY)('%s names only functions and types that their files have', (page) => {
  const named = [...proseOf(page).matchAll(/`(\w+)` in `((?:src|workers|test|scripts)\/[\w./-]+\.tsx?)`/g)]
  const isThere = ([, name = '', file = '']: readonly string[]) =>
    new RegExp(`\\b${name}\\b`).test(textOf(file))
  expect(named.filter((match) => !isThere(match)).map(([text]) => text)).toEqual([])
})

it('docs/README.md lists every page of docs', () => {
  const pages = globSync('docs/*.md', { cwd: ROOT })
    .map((file) => file.slice('docs/'.length))
    .filter((file) => file !== 'README.md')
  expect(pages.filter((page) => !textOf('docs/README.md').includes(`](${page})`))).toEqual([])
})

it('the house in docs/architecture.md names each folder of src and workers', () => {
  const house = textOf('docs/architecture.md')
  const folders = globSync('{src,workers}/*/', { cwd: ROOT }).map((folder) => folder.split('/')[1] ?? '')
  expect(folders.filter((folder) => !house.includes(`  ${folder}/`))).toEqual([])
})

const CONFIGS = ['wrangler.toml', ...globSync('workers/*/wrangler.toml', { cwd: ROOT })]

it('docs/storage.md names each Durable Object class', () => {
  const classes = CONFIGS.flatMap((file) =>
    [...textOf(file).matchAll(/^class_name = "(\w+)"$/gm)].map(([, name = '']) => name),
  )
  expect(classes.length).toBeGreaterThan(3)
  expect(classes.filter((name) => !textOf('docs/storage.md').includes(`\`${name}\``))).toEqual([])
})

it('docs/storage.md names each table', () => {
  const sources = globSync(['src/**/*.ts', 'workers/**/*.ts', 'workers/*/migrations/*.sql'], {
    cwd: ROOT,
    exclude: (path) => String(path).includes('.wrangler'),
  })
  const all = sources.flatMap((file) =>
    [...textOf(file).matchAll(/CREATE TABLE (?:IF NOT EXISTS )?(\w+)/g)].map(([, name = '']) => name),
  )
  const dropped = new Set(
    sources.flatMap((file) =>
      [...textOf(file).matchAll(/DROP TABLE (?:IF EXISTS )?(\w+)/g)].map(([, name]) => name),
    ),
  )
  const tables = [...new Set(all)].filter((name) => !dropped.has(name))
  expect(tables.length).toBeGreaterThan(10)
  expect(tables.filter((name) => !textOf('docs/storage.md').includes(`\`${name}\``))).toEqual([])
})

/** The names in the first column of the tables under a heading of the runbook. */
const firstColumnUnder = (heading: string): string[] => {
  const section =
    textOf('docs/runbook.md')
      .split(/^## /m)
      .find((part) => part.startsWith(heading)) ?? ''
  const cells = section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(' | ')[0] ?? '')
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
}

it('the runbook names only log messages that the code writes', () => {
  const sources = globSync(['src/**/*.ts', 'workers/**/*.ts'], {
    cwd: ROOT,
    exclude: (path) => String(path).includes('.wrangler'),
  })
  const code = sources.map(textOf).join('\n')
  const messages = firstColumnUnder('Lines of the log')
  expect(messages.length).toBeGreaterThan(15)
  expect(messages.filter((message) => !code.includes(`'${message}'`))).toEqual([])
})
