/** Where a value lies in a JSON value: `['items', 0]`. */
type Path = (string | number)[]

/** Enough to find the cause; a body could have thousands. */
const PLACES_MAX = 20

/** The error of a text that `illFormedTexts` finds. */
export const IS_ILL_FORMED = 'has half of a surrogate pair, which is no character'

/**
 * Where in a JSON value a text, or a field's name, has half of a surrogate pair. Such text cannot be stored: every
 * half becomes the same replacement character, and two texts become one. Goes level by level: no depth exhausts the
 * stack.
 */
export const illFormedTexts = (value: unknown): Path[] => (isWellFormed(value) ? [] : findIllFormed(value))

/** Nearly every value is, so it is asked first, without a record of where each text lies. */
const isWellFormed = (value: unknown): boolean => {
  const open: unknown[] = [value]
  while (open.length > 0) {
    const next = open.pop()
    if (typeof next === 'string' && !next.isWellFormed()) return false
    if (typeof next !== 'object' || next === null) continue
    // An array's names are its indexes.
    for (const name of Object.keys(next)) {
      if (!name.isWellFormed()) return false
      open.push(next[name as keyof typeof next])
    }
  }
  return true
}

const findIllFormed = (value: unknown): Path[] => {
  const found: Path[] = []
  let level: Place[] = [{ value }]
  while (level.length > 0 && found.length < PLACES_MAX) {
    for (const place of level) if (isIllFormed(place) && found.length < PLACES_MAX) found.push(pathOf(place))
    level = level.flatMap(membersOf)
  }
  return found
}

type Place = { value: unknown; step?: string | number; parent?: Place }

const isIllFormed = ({ value, step }: Place): boolean =>
  (typeof value === 'string' && !value.isWellFormed()) || (typeof step === 'string' && !step.isWellFormed())

const membersOf = (parent: Place): Place[] => {
  const { value } = parent
  if (Array.isArray(value)) return value.map((item, index) => ({ value: item, step: index, parent }))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).map(([step, member]) => ({ value: member, step, parent }))
}

const pathOf = (found: Place): Path => {
  const path: Path = []
  for (let place: Place | undefined = found; place?.step !== undefined; place = place.parent) {
    path.unshift(place.step)
  }
  return path
}
