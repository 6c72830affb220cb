import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseEnv } from 'node:util'
import { parse } from 'smol-toml'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CONFIGS } from '../../../scripts/wrangler.mjs'

const ROOT = resolve(import.meta.dirname, '../../..')
const COPIED = [
  ...['package.json', 'wrangler.toml', 'scripts', '.dev.vars.example', 'llms.txt'],
  ...['workers/payment/.dev.vars.example', 'workers/operations/.dev.vars.example'],
]
const SCRIPT = 'workers/operations/public/docs/assets/scalar.js'

let project = ''

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'edge-orders-build-'))
  for (const each of COPIED) cpSync(join(ROOT, each), join(project, each), { recursive: true })
  mkdirSync(join(project, SCRIPT, '..'), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'))
})

afterEach(() => rmSync(project, { recursive: true }))

describe('what wrangler runs before it bundles', () => {
  it.each(['dev', 'deploy'])('makes the script of /docs for wrangler %s, from any folder', (command) => {
    expect(build(command, { folder: 'workers/payment' })).toMatchObject({ status: 0 })
    expect(read(SCRIPT)).toMatch(/^\/\* @scalar\/fastify-api-reference [\d.]+, MIT \*\/\n/)
  })

  it('puts llms.txt beside what the Worker serves', () => {
    expect(build('deploy')).toMatchObject({ status: 0 })
    expect(read('workers/operations/public/llms.txt')).toBe(read('llms.txt'))
  })

  it('asks for npm ci where the dependencies are missing', () => {
    rmSync(join(project, 'node_modules'))
    expect(build('dev')).toEqual({
      status: 1,
      said: 'The dependencies are not installed.\nRun npm ci, and then run the same command again.',
    })
  })

  it('makes each .dev.vars for wrangler dev, and leaves those that are there', () => {
    writeFileSync(join(project, 'workers/payment/.dev.vars'), 'PAYMENT_GATEWAY=mine\n')
    expect(build('dev')).toEqual({ status: 0, said: '' })
    expect(withoutKey('.dev.vars')).toBe(read('.dev.vars.example'))
    expect(withoutKey('workers/operations/.dev.vars')).toBe(read('workers/operations/.dev.vars.example'))
    expect(read('workers/payment/.dev.vars')).toBe('PAYMENT_GATEWAY=mine\n')
  })

  it('puts another STORAGE_KEY into the .dev.vars of each Worker that keeps secrets, once', () => {
    writeFileSync(join(project, 'workers/operations/.dev.vars'), 'WEBHOOKS_ALLOW_LOCAL=mine')
    build('dev')
    const keys = () => ['', 'workers/operations'].map(keyIn)
    const made = keys()
    build('dev')
    expect(keys()).toEqual(made)
    expect(new Set(made).size).toBe(2)
    expect(made).toEqual(made.map(() => expect.stringMatching(/^[0-9a-f]{64}$/)))
    expect(parseEnv(read('workers/operations/.dev.vars'))).toMatchObject({ WEBHOOKS_ALLOW_LOCAL: 'mine' })
  })

  it.each(['STORAGE_KEY', 'STORAGE_KEY_2'])('leaves a .dev.vars with a %s as it is', (name) => {
    writeFileSync(join(project, '.dev.vars'), `${name}=my-own\n`)
    build('dev')
    expect(read('.dev.vars')).toBe(`${name}=my-own\n`)
  })

  it.each([
    ['no .dev.vars beside an .env that says the same', 'BOOTSTRAP_KEY=my-own-key\n', false],
    ['a .dev.vars beside an .env about something else', 'X_LOCAL_EXPLORER=false\n', true],
  ])('makes %s, as wrangler reads one of them alone', (_what, text, isMade) => {
    writeFileSync(join(project, '.env'), text)
    build('dev')
    expect(existsSync(join(project, '.dev.vars'))).toBe(isMade)
  })

  it('warns of a system that runs on the state in .wrangler/state, unless that system called it', () => {
    mkdirSync(join(project, '.wrangler/state'), { recursive: true })
    writeFileSync(join(project, '.wrangler/state/owner.json'), '{"pid":123,"port":9000}')
    const lock = new DatabaseSync(join(project, '.wrangler/state/lock'))
    lock.exec('BEGIN EXCLUSIVE')
    expect(build('dev').said).toBe(
      [
        'Another system runs on the state in .wrangler/state: process 123, on port 9000.',
        'Two systems on one state process the same orders twice. Stop the other system, or give this one another folder with --persist-to.',
      ].join('\n'),
    )
    expect(build('dev', { environment: { EDGE_ORDERS_RUN: '123-1' } }).said).toBe('')
    lock.close()
    expect(build('dev').said).toBe('')
  })

  it.each(['deploy', 'types'])('makes no .dev.vars for wrangler %s', (command) => {
    build(command)
    expect(existsSync(join(project, '.dev.vars'))).toBe(false)
  })
})

describe('wrangler deploy', () => {
  it('prints that there are four Workers, and which command deploys them', () => {
    const { status, said } = build('deploy')
    expect(status).toBe(0)
    expect(said).toContain('edge-orders has four Workers')
    expect(said).toContain('`npm run deploy` deploys all four')
  })

  it('prints nothing if npm run deploy calls it', () => {
    expect(build('deploy', { environment: { EDGE_ORDERS_WHOLE_DEPLOYMENT: 'true' } }).said).toBe('')
  })

  it.each(['deploy', 'versions upload'])('is refused by %s where the demo is on', (command) => {
    const config = join(project, 'wrangler.toml')
    writeFileSync(
      config,
      read('wrangler.toml').replace('DEMO_CATALOGUE = "false"', 'DEMO_CATALOGUE = "true"'),
    )
    const { status, said } = build(command)
    expect(status).toBe(1)
    expect(said).toContain('Nothing was deployed.\nDEMO_CATALOGUE is "true" in wrangler.toml')
  })
})

it('wrangler dev bundles the operations Worker again when any of its files changes', () => {
  const folder = 'workers/operations'
  const { build } = parse(readFileSync(join(ROOT, folder, 'wrangler.toml'), 'utf8'))
  const files = readdirSync(join(ROOT, folder)).filter((name) => !name.startsWith('.'))
  const notBundled = ['env.d.ts', 'migrations', 'wrangler.toml']
  const bundled = files.filter((name) => !notBundled.includes(name))
  expect(build).toMatchObject({ watch_dir: ['../../src', ...bundled.toSorted()] })
})

/** Beside `[secrets] required` wrangler ignores every other name in `.dev.vars`, without a word. */
it('wrangler gives every Worker all that its .dev.vars says', () => {
  for (const config of CONFIGS) {
    expect(parse(readFileSync(join(ROOT, config), 'utf8'))).not.toHaveProperty('secrets')
  }
})

it('the demo is on by .dev.vars alone', () => {
  expect(parse(read('wrangler.toml'))['vars']).toMatchObject({ DEMO_CATALOGUE: 'false' })
  expect(parseEnv(read('.dev.vars.example'))).toEqual({
    BOOTSTRAP_KEY: 'dev-admin-key',
    DEMO_CATALOGUE: 'true',
  })
})

const read = (file: string): string => readFileSync(join(project, file), 'utf8')

const keyIn = (folder: string) => parseEnv(read(join(folder, '.dev.vars')))['STORAGE_KEY']

const withoutKey = (file: string): string => read(file).replace(/^STORAGE_KEY=.*\n/m, '')

type Options = { folder?: string; environment?: Record<string, string> }

/** The command of wrangler.toml, as wrangler runs it. */
const build = (command: string, { folder = '.', environment = {} }: Options = {}) => {
  const { build: configured } = parse(read('wrangler.toml'))
  const { status, stdout, stderr } = spawnSync(String(Object(configured).command), {
    shell: true,
    cwd: join(project, folder),
    env: { ...process.env, WRANGLER_COMMAND: command, ...environment },
    encoding: 'utf8',
  })
  return { status, said: `${stdout}${stderr}`.trim() }
}
