import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '..')

/** Parts of a page that are made from figures, by their names. */
export type Figures = Readonly<Record<string, string>>

/** The text of a page with these parts, each between its two marks `<!-- figures: NAME -->` and `<!-- /figures -->`. */
export const withFigures = (text: string, figures: Figures): string =>
  Object.entries(figures).reduce((page, [name, markdown]) => {
    const part = new RegExp(`(<!-- figures: ${name} -->\n).*?(<!-- /figures -->)`, 's')
    if (!part.test(page)) throw new Error(`The page has no part <!-- figures: ${name} -->.`)
    return page.replace(part, (_, begin: string, end: string) => `${begin}\n${markdown}\n\n${end}`)
  }, text)

export const readPage = (path: string): string => readFileSync(resolve(ROOT, path), 'utf8')

/** Brings the figures of a page up to date. */
export const writeFigures = (path: string, figures: Figures): void =>
  writeFileSync(resolve(ROOT, path), withFigures(readPage(path), figures))

/** A table in Markdown. Columns after the first one hold numbers. */
export const markdownTable = (
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
