import fc from 'fast-check'

/** One of the values with one member, at any depth, replaced by an arbitrary value. */
export const mutantsOf = (valid: readonly object[]): fc.Arbitrary<object> =>
  fc
    .tuple(fc.constantFrom(...valid), fc.nat(), fc.oneof(fc.jsonValue(), fc.constant(undefined)))
    .map(([value, where, replacement]) => {
      const mutant = structuredClone(value)
      const members = membersOf(mutant)
      const [parent, key] = members[where % members.length] ?? [{}, '']
      Object.assign(parent, { [key]: replacement })
      return mutant
    })

const membersOf = (value: unknown): [object, string][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, member]) => [
        [value, key] as [object, string],
        ...membersOf(member),
      ])
    : []
