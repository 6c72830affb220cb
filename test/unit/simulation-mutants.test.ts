import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MUTANTS } from '../simulation/mutant-list.ts'

const root = resolve(import.meta.dirname, '../..')

describe('a mutant of the simulation', () => {
  it.each(MUTANTS)('finds its place exactly once: $name', ({ file, changes }) => {
    const source = readFileSync(resolve(root, file), 'utf8')
    expect(changes.map(({ from }) => source.split(from).length - 1)).toEqual(changes.map(() => 1))
  })
})
