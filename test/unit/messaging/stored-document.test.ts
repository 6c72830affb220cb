import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { readStored, storedType, toStored } from '../../../src/messaging/stored-document.ts'

/** Version 1 had a name in one field, version 2 in two, version 3 says how often it was used. */
const PERSON = storedType('person', z.object({ first: z.string(), last: z.string(), uses: z.number() }), [
  ({ name }) => {
    const [first, last] = String(name).split(' ')
    return { first, last }
  },
  (older) => ({ ...older, uses: 0 }),
])
const FIRST = storedType('person', z.object({ name: z.string() }))

/** As production has it: no test has set a check. */
const inProduction = async () => {
  vi.resetModules()
  return await import('../../../src/messaging/stored-document.ts')
}

describe('a stored document', () => {
  it('of version 1 has no mark', () => {
    expect(toStored(FIRST, { name: 'Ada Lovelace' })).toBe('{"name":"Ada Lovelace"}')
    expect(readStored(FIRST, '{"name":"Ada Lovelace"}')).toEqual({ name: 'Ada Lovelace' })
  })

  it('of a later version is marked in six bytes, and read without the mark', () => {
    const ada = { first: 'Ada', last: 'Lovelace', uses: 1 }
    expect(toStored(PERSON, ada)).toBe('{"v":3,"first":"Ada","last":"Lovelace","uses":1}')
    expect(readStored(PERSON, toStored(PERSON, ada))).toEqual(ada)
  })

  it.each([
    ['{"name":"Ada Lovelace"}', 0],
    ['{"v":2,"first":"Ada","last":"Lovelace"}', 0],
    ['{"v":3,"first":"Ada","last":"Lovelace","uses":7}', 7],
  ])('of any version is read as one of today: %s', (text, uses) => {
    expect(readStored(PERSON, text)).toEqual({ first: 'Ada', last: 'Lovelace', uses })
  })

  it('of an older version that its upcasts cannot mend is refused', () => {
    expect(() => readStored(PERSON, '{"v":2,"first":"Ada"}')).toThrow('last')
  })

  it('of a newer version is refused, and says what to do', () => {
    expect(() => readStored(PERSON, '{"v":4,"first":"Ada"}')).toThrow(
      'A stored person has version 4, this code knows 3: roll forward to the release that stored it, or to a newer one.',
    )
  })

  it.each(['0', '1', '1.5', '"2"', 'null'])('whose mark is %s is refused', (mark) => {
    expect(() => readStored(PERSON, `{"v":${mark}}`)).toThrow(`has the version ${mark}`)
  })

  it('may be an array, which is version 1', () => {
    const names = storedType('list of names', z.array(z.string()))
    expect(readStored(names, toStored(names, ['Ada']))).toEqual(['Ada'])
  })
})

describe('a document of today that breaks its schema', () => {
  const broken = '{"v":3,"first":"Ada","uses":"often"}'

  it('is trusted in production, where each load would cost a parse', async () => {
    const production = await inProduction()
    expect(production.readStored(PERSON, broken)).toEqual({ first: 'Ada', uses: 'often' })
  })

  it('is found by every test that loads it', () => {
    expect(() => readStored(PERSON, broken)).toThrow(
      'Broken invariant: a stored person is not as its schema says',
    )
  })

  it('is found also where it has a field too many', () => {
    expect(() => readStored(FIRST, '{"name":"Ada","born":1815}')).toThrow(
      'Broken invariant: a stored person has more than its schema',
    )
  })
})
