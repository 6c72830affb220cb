import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')

const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

/** One row of the glossary's tables: the word, its definition, and a link to where it lives. */
const ROWS = textOf('docs/glossary.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| word |'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, word = '', meaning = '', where = '']) => ({ word, meaning, where }))

const fileOf = (where: string): string =>
  join(ROOT, 'docs', /\]\(([^)#]+)(?:#[^)]*)?\)/.exec(where)?.[1] ?? 'no file is named')

/** The name in a cell such as "`decide` in [src/order/saga.ts](…)". */
const nameIn = (where: string): string | undefined => /^`(\w+)` in /.exec(where)?.[1]

const NAMED = ROWS.flatMap(({ word, where }) => {
  const name = nameIn(where)
  return name === undefined ? [] : [{ word, name, file: fileOf(where) }]
})

describe('the glossary', () => {
  it('defines each word once', () => {
    const words = ROWS.map(({ word }) => word)
    expect(words.length).toBeGreaterThan(40)
    expect(words).toEqual([...new Set(words)])
  })

  it.each(ROWS)('defines $word, and names a file that exists', ({ meaning, where }) => {
    expect(meaning).toMatch(/\.$/)
    expect(existsSync(fileOf(where))).toBe(true)
  })

  it('names a function or a type for most words', () => {
    expect(NAMED.length).toBeGreaterThan(40)
  })

  it.each(NAMED)('finds $word as $name in its file', ({ name, file }) => {
    expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`\\b${name}\\b`))
  })
})

/** The kept seeds depend on the names of random streams, so the streams keep their first names. */
const STREAM_NAMES = [
  'test/simulation/README.md',
  'test/simulation/world/platform-faults.ts',
  'test/simulation/world/workload.ts',
  'test/simulation/world/world.ts',
  'test/upgrade/finish-orders.ts',
]

/** Words that the project gave up for the words of the glossary, each with the files that may still have it. */
const RETIRED: Record<string, readonly string[]> = {
  beaten: [],
  brisk: [],
  crew: [],
  debt: [],
  debts: [],
  deed: [],
  deeds: [],
  disown: [],
  disowned: [],
  elsewhen: [],
  misfortune: [],
  misfortunes: STREAM_NAMES,
  mood: [],
  moods: [],
  roused: [],
  rouser: [],
  skies: [],
  sky: STREAM_NAMES,
  sleeper: [],
  sleepers: [],
  straggler: [],
  stragglers: [],
  temper: STREAM_NAMES,
  tempers: [],
  upkeep: [],
  wishes: [],
}

/** Words that name no subject, and words for what is outstanding. Tests may still have them. */
const RETIRED_OUTSIDE_TESTS = new Set([
  'anybody',
  'nobody',
  'owe',
  'owed',
  'owes',
  'somebody',
  'vain',
  'whoever',
])

/** The words of a text. A name such as `earlySends` is two words. */
const wordsOf = (text: string): string[] =>
  text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)

const isRetiredIn = (file: string) => (word: string) =>
  (Object.hasOwn(RETIRED, word) && !RETIRED[word]?.includes(file)) ||
  (RETIRED_OUTSIDE_TESTS.has(word) && !file.startsWith('test/'))

/** Decisions say which words were given up. */
const FILES = globSync(['{src,workers,test,scripts,bench,docs}/**/*.{ts,tsx,mjs,md,toml,sql}', '*.md'], {
  cwd: ROOT,
  exclude: (path) => /node_modules|\.wrangler|glossary\.test\.ts$|docs\/decisions/.test(String(path)),
})

it('no retired word returns', () => {
  expect(FILES.length).toBeGreaterThan(300)
  const returned = FILES.flatMap((file) =>
    wordsOf(textOf(file))
      .filter(isRetiredIn(file))
      .map((word) => `${file}: ${word}`),
  )
  expect([...new Set(returned)]).toEqual([])
})
