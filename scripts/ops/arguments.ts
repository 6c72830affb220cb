import { UsageError } from './usage.ts'

/** The arguments of a command, after its name. */
export type Arguments = {
  ids: readonly string[]
  client?: string | undefined
  scopes?: string | undefined
  queue?: string | undefined
  status?: string | undefined
  reason?: string | undefined
  'no-cascade'?: boolean | undefined
}

export const required = (value: string | undefined, flag: string): string => {
  if (value === undefined || value === '') throw new UsageError(`${flag} is missing.`)
  return value
}

export const onlyOne = (ids: readonly string[]): string => {
  const [id] = ids
  if (id === undefined || ids.length > 1) throw new UsageError('Give one id.')
  return id
}

export const oneOf = <Word extends string>(words: readonly Word[], given: string, flag: string): Word => {
  const word = words.find((candidate) => candidate === given)
  if (word === undefined)
    throw new UsageError(`${flag} does not accept "${given}", only ${words.join(', ')}.`)
  return word
}
