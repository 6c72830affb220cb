import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { promisify } from 'node:util'

const ROOT = resolve(import.meta.dirname, '../..')
const run = promisify(execFile)

/** All that the client needs at run time, packed from here too: a test asks no registry. */
const NEEDED = ['openapi-fetch', 'openapi-typescript-helpers', 'eventsource-parser'].map(
  (name) => `./node_modules/${name}`,
)

type RunOptions = { node?: string; env?: Record<string, string> }

export type InstalledClient = Awaited<ReturnType<typeof installClient>>

/** Another repository, in which the packed client is installed as docs/client.md says. */
export const installClient = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'edge-orders-shop-'))
  const write = (files: Record<string, string>) =>
    Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)))

  await write({ 'package.json': '{ "name": "shop", "private": true, "type": "module" }' })
  await npm(ROOT, 'pack', '--pack-destination', folder, './packages/client', ...NEEDED)
  const tarballs = (await readdir(folder)).filter((name) => name.endsWith('.tgz'))
  await npm(folder, 'install', '--offline', '--engine-strict', ...tarballs.map((name) => `./${name}`))

  return {
    folder,
    write,
    /** What a program in the folder printed; one that fails is rejected with all it said. */
    run: async (args: string[], { node = process.execPath, env = {} }: RunOptions = {}): Promise<string> => {
      const program = run(node, args, { cwd: folder, env: { ...process.env, ...env } })
      const { stdout } = await program.catch((error) => {
        throw new Error(`${error.message}\n${error.stdout}`, { cause: error })
      })
      return stdout
    },
    /** The files of the installed client, by their paths in the package. */
    files: async (): Promise<string[]> => {
      const root = join(folder, 'node_modules/@edge-orders/client')
      const entries = await readdir(root, { recursive: true, withFileTypes: true })
      const files = entries.filter((entry) => entry.isFile())
      return files.map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1)).sort()
    },
    remove: () => rm(folder, { recursive: true }),
  }
}

/** Node as the machine has it, which may be older than the one in node_modules that runs the tests. */
export const systemNode = (): string => {
  const node = outsideNodeModules()
    .map((folder) => join(folder, 'node'))
    .find((file) => existsSync(file))
  if (node !== undefined) return node
  throw new Error('The PATH names no Node outside node_modules. Install Node 20.3 or newer.')
}

const outsideNodeModules = (): string[] =>
  (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))

/** On the machine's Node, as a shop would run it. */
const npm = (cwd: string, ...args: string[]) =>
  run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    env: { ...process.env, PATH: outsideNodeModules().join(delimiter) },
  })
