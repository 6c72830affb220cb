import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  CONFIGS,
  ROOT,
  WITH_FAULTS,
  wranglerArguments,
  wranglerEnvironment,
} from '../../scripts/wrangler.mjs'

/**
 * Bundles the four Workers once for all systems of a test run, into one folder each. A system that bundles them itself
 * takes two seconds more to start, and three more for every restart.
 */
export const setup = async (): Promise<(() => void) | undefined> => {
  // Another project of the same run has built them.
  if (process.env['BUILT_WORKERS'] !== undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'edge-orders-built-'))
  await bundleAll(folder)
  process.env['BUILT_WORKERS'] = folder
  return () => rmSync(folder, { recursive: true })
}

/**
 * The same Workers as `npm start` bundles them, with the fault port of drills. The first test that asks has them
 * bundled, for all files of the run.
 */
export const bundledWithFaults = async (): Promise<string> => {
  const folder = join(process.env['BUILT_WORKERS'] ?? tmpdir(), 'with-faults')
  if (existsSync(folder)) return folder
  const unfinished = mkdtempSync(`${folder}-`)
  await bundleAll(unfinished, WITH_FAULTS)
  // Another file may have been quicker.
  if (!existsSync(folder)) renameSync(unfinished, folder)
  return folder
}

const bundleAll = (folder: string, environment: Record<string, string> = {}) =>
  Promise.all(CONFIGS.map((config) => bundle(config, join(folder, workerOf(config)), environment)))

const bundle = (config: string, folder: string, environment: Record<string, string>) =>
  promisify(execFile)(
    process.execPath,
    wranglerArguments(['deploy', '--dry-run', '--config', config, '--outdir', folder]),
    { cwd: ROOT, env: { ...wranglerEnvironment(), ...environment } },
  )

/** `workers/payment/wrangler.toml` is the payment Worker's; the one at the root is the order Worker's. */
const workerOf = (config: string): string => config.split('/').at(-2) ?? 'order'
