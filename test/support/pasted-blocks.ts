import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** A fenced block of a document, under the last heading before it. */
export type Fence = { heading: string; language: string; text: string; line: number }

/** Commands to paste into a shell, and the answer that stands right below them. */
export type PastedBlock = { heading: string; commands: string; answer: string | undefined }

const ROOT = resolve(import.meta.dirname, '../..')

export const fencesOf = (file: string): Fence[] => {
  const text = readFileSync(resolve(ROOT, file), 'utf8')
  return [...text.matchAll(FENCE)].map(({ 1: language = '', 2: block = '', index }) => {
    const before = text.slice(0, index)
    const heading = [...before.matchAll(/^#+ (.*)$/gm)].at(-1)?.[1] ?? ''
    return { heading, language, text: block, line: before.split('\n').length }
  })
}

export const pastedBlocks = (file: string): PastedBlock[] => {
  const fences = fencesOf(file)
  return fences.flatMap(({ heading, language, text, line }, index) => {
    if (language !== 'sh') return []
    const next = fences[index + 1]
    const linesOfBlock = text.split('\n').length + 1
    const isAnswer = next !== undefined && next.language !== 'sh' && next.line === line + linesOfBlock
    return [{ heading, commands: text, answer: isAnswer ? next.text : undefined }]
  })
}

const FENCE = /^```(\w*)\n(.*?)^```$/gms
