// Runs one step of a deployment, and judges how it ended.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { z } from 'zod'
import { makeStorageKey } from '../dev-vars.mjs'
import { Failure } from '../failure.mjs'
import { WHOLE_DEPLOYMENT } from '../single-deployment.mjs'
import { ROOT, wranglerArguments, wranglerEnvironment } from '../wrangler.mjs'
import { STORAGE_KEY } from './steps.ts'
import type { Step } from './types.ts'

export type Deployment = {
  /** For the files that the steps exchange with wrangler. */
  folder: string
  /** The Workers that have no `STORAGE_KEY` yet. */
  lackingKey: Set<string>
}

type Ending = { code: number | null; output: string }

/** The folder holds secrets: only its owner can read it, and it is removed whenever this process ends. */
export const beginDeployment = (): Deployment => {
  const folder = mkdtempSync(join(tmpdir(), 'edge-orders-deploy-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))
  return { folder, lackingKey: new Set() }
}

/** Returns the public addresses that the step made known. */
export const runStep = async (step: Step, { folder, lackingKey }: Deployment): Promise<string[]> => {
  const report = join(folder, 'report.ndjson')
  const secrets = writeSecrets(secretsFor(step, lackingKey), folder)
  const ending = await runWrangler([...step.command.slice(1), ...secrets], report)
  console.log(`  ${summaryOf(step, ending)}`)
  if (step.looksForKeyOf !== undefined && !STORAGE_KEY.test(ending.output)) lackingKey.add(step.looksForKeyOf)
  return step.isPublic ? addressesIn(readFileSync(report, 'utf8')) : []
}

type Secrets = Record<string, string | undefined>

const secretsFor = ({ secrets = [], makesKeyOf }: Step, lackingKey: Set<string>): Secrets => ({
  ...Object.fromEntries(secrets.map((name) => [name, process.env[name]])),
  ...(makesKeyOf !== undefined && lackingKey.has(makesKeyOf) ? { STORAGE_KEY: makeStorageKey() } : {}),
})

/**
 * Returns wrangler's arguments. The file is JSON, because wrangler expands `$NAME` in the other format. A secret that
 * the file leaves out stays as it is set.
 */
const writeSecrets = (secrets: Secrets, folder: string): string[] => {
  if (Object.keys(secrets).length === 0) return []
  const file = join(folder, 'secrets.json')
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 })
  return ['--secrets-file', file]
}

/** Wrangler gets no terminal, so that it asks no question. */
const runWrangler = (args: string[], report: string): Promise<Ending> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, wranglerArguments(args), {
      cwd: ROOT,
      env: { ...wranglerEnvironment(), [WHOLE_DEPLOYMENT]: 'true', WRANGLER_OUTPUT_FILE_PATH: report },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const keep = (chunk: Buffer) => {
      output += chunk
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output: stripVTControlCharacters(output) }))
  })

/** One line for a step that went well. Throws where it did not. */
const summaryOf = (
  { command, tolerate, expect, advice, looksForKeyOf }: Step,
  { code, output }: Ending,
): string => {
  if (code !== 0 && tolerate?.test(output))
    return looksForKeyOf === undefined ? 'exists already' : 'not deployed yet'
  if (code === 0 && (expect === undefined || expect.test(output)))
    return /^Total Upload: .*$/m.exec(output)?.[0] ?? 'done'
  throw new Failure(
    `\nStopped. \`${command.join(' ')}\` ${code === 0 ? 'printed' : 'failed'}:\n\n${output.trim()}\n`,
    `${advice}\nYou can run npm run deploy again at any time: it repeats no step that is done.`,
  )
}

const reported = z.object({ targets: z.array(z.string()).default([]) })

/** Wrangler's report for programs has one JSON object a line. */
const addressesIn = (report: string): string[] =>
  report
    .split('\n')
    .filter(Boolean)
    .flatMap((line) => reported.parse(JSON.parse(line)).targets)
    .filter((target) => target.startsWith('https://'))
