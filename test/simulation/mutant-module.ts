import { registerHooks } from 'node:module'
import type { Mutant } from './mutant-list.ts'

/** Loads a mutant: the text of one module is changed when it is loaded. The file on disk stays as it is. */
export const loadMutant = ({ name, file, changes }: Mutant): void => {
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context)
      if (!url.endsWith(`/${file}`)) return loaded
      const text = changes.reduce((source, { from, to }) => {
        const parts = source.split(from)
        if (parts.length !== 2)
          throw new Error(`${name}: found ${parts.length - 1} times in ${file}: ${from}`)
        return parts.join(to)
      }, textOf(loaded.source))
      return { ...loaded, source: text }
    },
  })
}

const textOf = (source: unknown): string =>
  typeof source === 'string' ? source : new TextDecoder().decode(source as Uint8Array)
