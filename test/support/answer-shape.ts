/**
 * Whether the lines that a document shows come one after the other, with any others between them. Ids and times may
 * differ; one that is shown twice has to be the same twice, and `…` stands for anything. JSON goes on until its last
 * bracket is closed.
 * @returns the first line that does not come, or `undefined`
 */
export const missingLine = (answer: string, output: string): string | undefined => {
  const shown = linesOf(answer).filter(isContent)
  const printed = output.split('\n').map(withoutSpaces)
  const ids = new Map<string, string>()
  let at = 0
  return shown.find((line) => {
    const shape = shapeOf(line, ids)
    const found = printed.findIndex((text, index) => index >= at && shape.test(text))
    if (found < 0) return true
    learn(printed[found]?.match(shape)?.groups ?? {}, ids)
    at = found + 1
    return false
  })
}

const linesOf = (answer: string): string[] => {
  const lines: string[] = []
  let isOpen = false
  for (const line of answer.split('\n')) {
    const whole: string = isOpen ? `${lines.pop()} ${line}` : line
    isOpen = count(whole, /[[{]/g) > count(whole, /[\]}]/g)
    lines.push(whole)
  }
  return lines
}

const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length

const isContent = (line: string): boolean => line.trim() !== '' && line.trim() !== '…'

const withoutSpaces = (text: string): string => text.replaceAll(/\s/g, '')

const ID = '[0-9a-z]{26}'
const VARIABLE =
  /…|(?<![0-9a-z])[0-9a-z]{26}(?![0-9a-z])|(?<=")[0-9a-f]{32}(?=")|(?<=ord_)[01](?=_)|\d{4}-\d\d-\d\dT[\d:.]+Z/g

/** The services answer an order in either order. */
const EITHER = /Stock(?:Reserved|Committed)|Payment(?:Authorized|Captured)/g

const shapeOf = (line: string, ids: ReadonlyMap<string, string>): RegExp => {
  const named = new Set<string>()
  const shape = escaped(line, (variable) => {
    if (variable === '…') return '.*'
    if (variable.length === 1) return '[01]'
    if (variable.length === 32) return '[0-9a-f]{32}'
    if (variable.includes('T')) return String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z`
    const known = ids.get(variable)
    if (known !== undefined) return known
    if (named.has(variable)) return String.raw`\k<id_${variable}>`
    named.add(variable)
    return `(?<id_${variable}>${ID})`
  })
  return new RegExp(`^${shape.replaceAll(EITHER, `(?:${EITHER.source})`)}$`)
}

const escaped = (line: string, patternOf: (variable: string) => string): string => {
  let end = 0
  const parts = [...line.matchAll(VARIABLE)].flatMap(({ 0: variable, index }) => {
    const before = literally(line.slice(end, index))
    end = index + variable.length
    return [before, patternOf(variable)]
  })
  return [...parts, literally(line.slice(end))].join('')
}

const literally = (text: string): string => RegExp.escape(withoutSpaces(text))

const learn = (groups: Record<string, string>, ids: Map<string, string>): void => {
  for (const [name, id] of Object.entries(groups)) ids.set(name.slice('id_'.length), id)
}
