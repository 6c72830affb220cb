// Runs the steps of a plan, and stops at the first that fails.
import { Failure } from '../failure.mjs'
import type { Ending, Print, Step, Wrangler } from './types.ts'

type Running = {
  wrangler: Wrangler
  print: Print
  /** The command that goes on where this one stopped. */
  again: string
}

/** Returns the public addresses that the steps made known. */
export const runSteps = async (steps: Step[], { wrangler, print, again }: Running): Promise<string[]> => {
  const addresses: string[] = []
  for (const [index, step] of steps.entries()) {
    print(titleOf(step, index, steps.length))
    if (step.existing !== undefined) continue
    if (step.show !== undefined) print(`\n${step.show}`)
    const ending = await wrangler(step.command.slice(1), step.secrets)
    print(`  ${summaryOf(step, ending, again)}`)
    if (step.isPublic) addresses.push(...ending.addresses)
  }
  return addresses
}

/** One line of a plan. */
export const titleOf = ({ title, existing }: Step, index: number, count: number): string =>
  `[${index + 1}/${count}] ${title}${existing === undefined ? '' : `: ${existing}`}`

/** One line for a step that went well. Throws where it did not. */
const summaryOf = ({ command, tolerate, advice }: Step, { code, output }: Ending, again: string): string => {
  if (code === 0) return /^Total Upload: .*$/m.exec(output)?.[0] ?? 'done'
  if (tolerate?.test(output)) return 'was done already'
  throw new Failure(
    `\nStopped. \`${command.join(' ')}\` failed:\n\n${output.trim()}\n`,
    `${advice}\nYou can run ${again} again at any time: it repeats no step that is done.`,
  )
}
