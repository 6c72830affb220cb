import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import type { OwnJavaScript } from './profile.ts'

/** Profiles the real handlers in a fresh process, without the emulator. */
export const measureOwnJavaScript = async (): Promise<OwnJavaScript> => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    resolve(import.meta.dirname, 'main.ts'),
  ])
  // The Workers log before it.
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')
}
