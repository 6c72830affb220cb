// Runs one command of wrangler for a deployment.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { z } from 'zod'
import { WHOLE_DEPLOYMENT } from '../single-deployment.mjs'
import { ROOT, wranglerArguments, wranglerEnvironment } from '../wrangler.mjs'
import type { Ending, Secrets, Wrangler } from './types.ts'

/** Its folder holds secrets: only its owner can read it, and it is removed whenever this process ends. */
export const createWrangler = (): Wrangler => {
  const folder = mkdtempSync(join(tmpdir(), 'edge-orders-deploy-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1))
  let count = 0
  return async (args, secrets = {}) => {
    const report = join(folder, `report-${++count}.ndjson`)
    return await run([...args, ...writeSecrets(secrets, folder)], report)
  }
}

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
const run = (args: string[], report: string): Promise<Ending> =>
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
    child.once('close', (code) =>
      resolve({ code, output: stripVTControlCharacters(output), addresses: addressesIn(report) }),
    )
  })

const reported = z.object({ targets: z.array(z.string()).default([]) })

/** Wrangler's report for programs has one JSON object a line. Only some commands write one. */
const addressesIn = (report: string): string[] =>
  (existsSync(report) ? readFileSync(report, 'utf8') : '')
    .split('\n')
    .filter(Boolean)
    .flatMap((line) => reported.parse(JSON.parse(line)).targets)
    .filter((target) => target.startsWith('https://'))
