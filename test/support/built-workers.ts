import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CONFIGS, ROOT, wranglerArguments, wranglerEnvironment } from '../../scripts/wrangler.mjs'

/**
 * Bundles the four Workers once for all systems of a test run, into one folder each. A system that bundles them itself
 * takes two seconds more to start, and three more for every restart.
 */
export const setup = async (): Promise<(() => void) | undefined> => {
  // Another project of the same run has built them.
  if (process.env['BUILT_WORKERS'] !== undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'edge-orders-built-'))
  await Promise.all(CONFIGS.map((config) => bundle(config, join(folder, workerOf(config)))))
  process.env['BUILT_WORKERS'] = folder
  return () => rmSync(folder, { recursive: true })
}

const bundle = (config: string, folder: string) =>
  promisify(execFile)(
    process.execPath,
    wranglerArguments(['deploy', '--dry-run', '--config', config, '--outdir', folder]),
    { cwd: ROOT, env: wranglerEnvironment() },
  )

/** `workers/payment/wrangler.toml` is the payment Worker's; the one at the root is the order Worker's. */
const workerOf = (config: string): string => config.split('/').at(-2) ?? 'order'
