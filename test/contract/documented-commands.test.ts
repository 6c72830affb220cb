import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fencesOf } from '../support/pasted-blocks.ts'

const ROOT = resolve(import.meta.dirname, '../..')

const DOCUMENTS = globSync(['*.md', 'docs/**/*.md', 'test/**/*.md'], { cwd: ROOT }).toSorted()

/** `sh` is to be pasted. */
const LANGUAGES = ['sh', 'text', 'json', 'js', 'ts', 'mermaid']

describe.each(DOCUMENTS)('%s', (file) => {
  const fences = fencesOf(file)

  it('says of every block what it is', () => {
    const untold = fences.filter(({ language }) => !LANGUAGES.includes(language))
    expect(untold.map(({ line, language }) => `line ${line}: "${language}"`)).toEqual([])
  })

  it('has commands alone in what is to be pasted: zsh takes a comment for words, and none stands for an ellipsis', () => {
    const pasted = fences.filter(({ language }) => language === 'sh')
    const wrong = pasted.flatMap(({ line, text }) =>
      withoutStrings(text)
        .split('\n')
        .filter((words) => /(^|\s)#/.test(words) || words.includes('…'))
        .map((words) => `the block in line ${line}: ${words}`),
    )
    expect(wrong).toEqual([])
  })
})

/** The shell reads no comment in a string; an ellipsis is none anywhere. */
const withoutStrings = (text: string): string => text.replaceAll(/'[^'…]*'|"[^"…]*"/g, '""')
