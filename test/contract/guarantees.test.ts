import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

const [promises = '', list = ''] = textOf('docs/guarantees.md').split('\n## The tests of each promise\n')

type Proof = { promise: string; title: string; file: string }

/** Rows such as `| G3 | nothing is oversold | `test/property/stock.test.ts` |`. */
const listed: Proof[] = [...list.matchAll(/^\| (G\d+) \| (.+) \| `(.+)` \|$/gm)].map(
  ([, promise = '', title = '', file = '']) => ({ promise, title, file }),
)

/** Titles of tests that begin with the number of a promise. */
const titled: Proof[] = globSync('test/**/*.test.ts', { cwd: ROOT }).flatMap((file) =>
  [...textOf(file).matchAll(/(['"`])(G\d+): (.+?)\1/g)].map(([, , promise = '', title = '']) => ({
    ...{ promise, title, file },
  })),
)

const asLines = (proofs: Proof[]): string[] =>
  proofs.map(({ promise, title, file }) => `${file}: ${promise}: ${title}`).toSorted()

it('docs/guarantees.md lists each test that names a promise, and no other', () => {
  expect(asLines(listed)).toEqual(asLines(titled))
})

it('each promise of docs/guarantees.md has a test that names it', () => {
  const numbers = [...promises.matchAll(/^\| (G\d+) \|/gm)].map(([, number]) => number)
  expect(numbers.length).toBeGreaterThan(0)
  expect([...new Set(listed.map(({ promise }) => promise))]).toEqual(numbers)
})
