import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inRounds } from '../../../src/bridge/rounds.ts'

const keyArbitrary = fc.constantFrom('a', 'b', 'c', 'd')

it('has each key once in a round at most, keeps the sequence of each key, and as few rounds as that allows', () => {
  fc.assert(
    fc.property(fc.array(keyArbitrary, { maxLength: 40 }), (keys) => {
      const items = keys.map((key, index) => ({ key, index }))
      const rounds = inRounds(items, ({ key }) => key)
      for (const round of rounds) expect(new Set(round.map(({ key }) => key)).size).toBe(round.length)
      const byKey = Object.groupBy(items, ({ key }) => key)
      expect(Object.groupBy(rounds.flat(), ({ key }) => key)).toEqual(byKey)
      expect(rounds).toHaveLength(Math.max(0, ...Object.values(byKey).map((those) => those?.length ?? 0)))
    }),
  )
})
