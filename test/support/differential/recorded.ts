import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import type { TestProject } from 'vitest/node'
import type { Recorded, Scripted } from './script.ts'

declare module 'vitest' {
  interface ProvidedContext {
    recorded: readonly Recorded[]
  }
}

const OUTPUT_BYTES_MAX = 50_000_000

/** Scripts, and what they left in the simulated partition: it needs Node, which a test inside workerd has not. */
export const setup = (project: TestProject): void => {
  const service = project.name.replace('integration:', '') as Scripted
  const main = resolve(import.meta.dirname, '../../simulation/main.ts')
  const output = execFileSync(process.execPath, [main, '--record', service], { maxBuffer: OUTPUT_BYTES_MAX })
  project.provide('recorded', JSON.parse(output.toString()) as Recorded[])
}
