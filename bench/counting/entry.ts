import { resolve } from 'node:path'
import { build } from 'esbuild'
import type * as inside from './inside.ts'

/**
 * The source of an entry that exports what a Worker exports, counted. The names of its exports have to be in the source:
 * workerd finds classes by them.
 */
export const countedEntry = async (
  name: string,
  entry: string,
  objectClasses: readonly string[],
): Promise<string> => {
  const exported = (await exportsOf(entry)).filter((each) => each !== 'default')
  const wrappers: Wrapper[] = ['countEntrypoint', 'countHandlers', 'countObject']
  const lines = exported.map((each) =>
    objectClasses.includes(each)
      ? `export const ${each} = countObject('${each}', worker.${each})`
      : `export const ${each} = countEntrypoint(worker.${each})`,
  )
  return [
    `import { ${wrappers.join(', ')} } from '${resolve(import.meta.dirname, 'inside.ts')}'`,
    `import * as worker from '${entry}'`,
    ...lines,
    `export default countHandlers('${name}', worker.default)`,
  ].join('\n')
}

type Wrapper = keyof typeof inside

const exportsOf = async (entry: string): Promise<readonly string[]> => {
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    packages: 'external',
    external: ['cloudflare:*', 'node:*'],
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
    logLevel: 'error',
  })
  return Object.values(metafile.outputs)[0]?.exports ?? []
}
