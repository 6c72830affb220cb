import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** A `call …` of our documents, and the status that stands below it. */
export type DocumentedCall = {
  command: string
  method: string
  path: string
  headers: Record<string, string>
  body: string | undefined
  /** Undefined where the document shows no status: any success will do. */
  status: number | undefined
}

/** Every `call` in the shell blocks of a document, in its order. */
export const documentedCalls = (file: string): DocumentedCall[] => {
  const text = readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8')
  return [...text.matchAll(/^```sh\n(.*?)^```\n(?:```\w*\n(.*?)^```)?/gms)].flatMap(
    ([, block = '', answer = '']) => callsOf(block, answer),
  )
}

const callsOf = (block: string, answer: string): DocumentedCall[] => {
  const commands = block.split(/^(?:sleep \d+; )?(?=call )/m).filter((command) => command.startsWith('call '))
  return commands.map((command) => parse(command, commands.length === 1 ? answer : ''))
}

const parse = (text: string, answer: string): DocumentedCall => {
  const command = text.trim()
  const words = [...command.matchAll(WORD)].map((match) => match[1] ?? match[2] ?? match[0])
  const after = (option: string) => words.flatMap((word, at) => (words[at - 1] === option ? [word] : []))
  const body = after('-d')[0]
  return {
    command,
    method: after('-X')[0] ?? (body === undefined ? 'GET' : 'POST'),
    path: words.find((word) => word.startsWith('$API'))?.slice('$API'.length) ?? '',
    headers: Object.fromEntries(after('-H').map((header) => header.split(/: (.*)/s).slice(0, 2))),
    body,
    status: statusIn(`${text}\n${answer}`),
  }
}

/** A word of the shell, quoted or not. */
const WORD = /'([^']*)'|"([^"]*)"|[^\s'"]+/g

const statusIn = (text: string): number | undefined => {
  const status = /HTTP\/1\.1 (\d{3})|"status": ?([45]\d\d)/.exec(text)
  return status === null ? undefined : Number(status[1] ?? status[2])
}
