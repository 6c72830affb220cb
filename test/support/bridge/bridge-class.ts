import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse } from 'smol-toml'

const ROOT = resolve(import.meta.dirname, '../../..')

/** The order Worker's configuration once its lines about the class BridgeObject count, and how to remove the file again. */
export const withBridgeClass = (): { configPath: string; remove(): void } => {
  const folder = mkdtempSync(join(tmpdir(), 'edge-orders-bridge-'))
  const configPath = join(folder, 'wrangler.json')
  const text = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8').replaceAll(BRIDGE_LINES, withoutHashes)
  const { build: _, d1_databases: databases, ...config } = parse(text)
  const inRoot = (path: unknown): string => join(ROOT, String(path))
  const absolute = {
    ...config,
    main: inRoot(config['main']),
    d1_databases: (databases as Record<string, unknown>[]).map((database) => ({
      ...database,
      migrations_dir: inRoot(database['migrations_dir']),
    })),
  }
  writeFileSync(configPath, JSON.stringify(absolute))
  return { configPath, remove: () => rmSync(folder, { recursive: true }) }
}

/** From a table in comments to the end of the comments. */
const BRIDGE_LINES = /^# \[\[durable_objects\.bindings\]\]\n(?:# .*\n)+/gm

const withoutHashes = (lines: string): string => lines.replaceAll(/^# /gm, '')
