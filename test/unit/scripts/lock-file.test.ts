import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'smol-toml'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const ROOT = resolve(import.meta.dirname, '../../..')

const CONFIGURATIONS = ['wrangler.toml', ...globSync('workers/*/wrangler.toml', { cwd: ROOT })]

const PLATFORMS = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-x64']

/** npm writes one value as text, several as a list. */
const listSchema = z.union([z.string().transform((one) => [one]), z.array(z.string())]).optional()

const packageSchema = z.object({
  version: z.string().optional(),
  integrity: z.string().optional(),
  os: listSchema,
  cpu: listSchema,
  hasInstallScript: z.boolean().optional(),
  /** A package of this repository. */
  link: z.boolean().optional(),
  bin: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
})

type Locked = z.infer<typeof packageSchema>

const packages = z
  .object({ packages: z.record(z.string(), packageSchema) })
  .parse(JSON.parse(readFileSync(resolve(ROOT, 'package-lock.json'), 'utf8'))).packages

describe('the lock file', () => {
  it.each(PLATFORMS)('holds the hash of the Node that runs everything on %s', (platform) => {
    const ofPlatform = nodePackages().filter((each) => fits(each, platform))
    expect(ofPlatform.map(({ integrity }) => integrity)).toEqual([expect.stringMatching(/^sha512-/)])
  })

  it('has one version of Node for all platforms', () => {
    expect([...new Set(nodePackages().map(({ version }) => version))]).toEqual([
      expect.stringMatching(/^\d+\.\d+\.\d+$/),
    ])
  })

  it('has no Node that an install script would fetch', () => {
    expect(nodePackages().filter(({ hasInstallScript }) => hasInstallScript)).toEqual([])
  })

  it('covers every platform wherever a package brings native parts, with their hashes', () => {
    const families = Object.entries(packages).flatMap(([path, each]) => familyOf(path, each))
    expect(families.length).toBeGreaterThan(5)
    expect(families.flatMap(missingIn)).toEqual([])
  })

  it.each(['workerd', 'miniflare', 'wrangler'])(
    'has one %s for development, tests and benchmarks',
    (name) => {
      expect(versionsOf(name)).toHaveLength(1)
    },
  )

  it.each(CONFIGURATIONS)('has a workerd of the compatibility date in %s, or a later one', (path) => {
    const { compatibility_date: date } = z
      .object({ compatibility_date: z.iso.date() })
      .parse(parse(readFileSync(resolve(ROOT, path), 'utf8')))
    expect(date.replaceAll('-', '') <= dateOf(versionsOf('workerd'))).toBe(true)
  })

  it('has a hash for every package', () => {
    const unhashed = Object.entries(packages).filter(
      ([path, { integrity, link }]) => path.includes('node_modules/') && !link && !integrity,
    )
    expect(unhashed.map(([path]) => path)).toEqual([])
  })
})

/** The versions of a package, wherever in the tree it lies. */
const versionsOf = (name: string) => [
  ...new Set(
    Object.entries(packages)
      .filter(([path]) => path.endsWith(`node_modules/${name}`))
      .map(([, { version = '' }]) => version),
  ),
]

/** `1.20261102.1` is the workerd of `20261102`. */
const dateOf = ([version = '']: string[]) => version.split('.')[1] ?? ''

/** Those whose command is `node`. */
const nodePackages = (): Locked[] => Object.values(packages).filter(({ bin }) => bin?.['node'] !== undefined)

const fits = ({ os, cpu }: Locked, platform: string): boolean => {
  const [system = '', processor = ''] = platform.split('-')
  return (os?.includes(system) ?? false) && (cpu?.includes(processor) ?? false)
}

type Family = { path: string; members: { name: string; locked: Locked | undefined }[] }

/** A package's optional dependencies, where they are one and the same for different platforms. */
const familyOf = (path: string, { os, optionalDependencies }: Locked): Family[] => {
  const members = Object.keys(optionalDependencies).map((name) => ({ name, locked: find(path, name) }))
  const native = members.filter(({ locked }) => locked?.os && locked.cpu)
  return os === undefined && native.length > 1 ? [{ path, members }] : []
}

/** As Node looks for it: beside the one that depends on it, then further up. */
const find = (from: string, name: string): Locked | undefined => {
  const own = packages[from === '' ? `node_modules/${name}` : `${from}/node_modules/${name}`]
  if (own !== undefined || from === '') return own
  return find(from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name)
}

const missingIn = ({ path, members }: Family): string[] => [
  ...members
    .filter(({ locked }) => !locked?.integrity)
    .map(({ name }) => `${path} lists ${name}, which is not locked`),
  ...PLATFORMS.filter((each) => !members.some(({ locked }) => locked && fits(locked, each))).map(
    (platform) => `${path} has nothing for ${platform}`,
  ),
]
