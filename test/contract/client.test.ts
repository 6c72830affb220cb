import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const run = promisify(execFile)

/** A page should not feel it. Half as much again as it is, so that it is noticed when a library comes along. */
const BUNDLE_BYTES_MAX = 8_000

it('the types of the client are those of the document: else run `npm run client:types`', async () => {
  const { stdout } = await run(process.execPath, [join(ROOT, 'scripts/openapi-types.mjs')], OUTPUT)
  expect(await readFile(join(ROOT, 'packages/client/src/schema.ts'), 'utf8')).toBe(stdout)
})

it('the client compiles against the types of a browser alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'edge-orders-client-'))
  const project = join(folder, 'tsconfig.json')
  await writeFile(
    project,
    JSON.stringify({ ...BROWSER, files: [join(ROOT, 'packages/client/src/index.ts')] }),
  )
  const tsc = join(ROOT, 'node_modules/.bin/tsc')
  const compiled = run(process.execPath, [tsc, '-p', project]).catch(({ stdout }) => ({ stdout }))
  const { stdout } = await compiled.finally(() => rm(folder, { recursive: true }))
  expect(stdout).toBe('')
})

it('the client is a small bundle for browsers, with nothing of Node in it', async () => {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, 'packages/client/src/index.ts')],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  })
  expect(gzipSync(outputFiles[0]?.contents ?? '').length).toBeLessThan(BUNDLE_BYTES_MAX)
})

const OUTPUT = { maxBuffer: 16 * 1024 * 1024 }

const BROWSER = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023', 'dom', 'dom.iterable'],
    types: [],
    module: 'esnext',
    moduleResolution: 'bundler',
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
  },
}
