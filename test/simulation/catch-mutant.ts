import type { Plan } from './world/plan.ts'
import { runWorld } from './world/world.ts'

/** Runs worlds of a mutant until one notices it, and prints the result as one line of JSON. */
export const catchMutant = async (seedsMax: number, bank: Plan['bank']): Promise<void> => {
  process.on('unhandledRejection', (error) => {
    console.log(
      JSON.stringify({
        invariant: `a promise was rejected and no code handled it: ${String(error)}`,
        seeds: 1,
      }),
    )
    process.exit(0)
  })
  for (let seed = 1; seed <= seedsMax; seed += 1) {
    const [violation] = (await runWorld({ seed, ...(bank !== undefined && { bank }) })).violations
    if (violation === undefined) continue
    console.log(JSON.stringify({ seeds: seed, invariant: violation.invariant }))
    return
  }
  console.log(JSON.stringify({ invariant: 'no world noticed' }))
}
