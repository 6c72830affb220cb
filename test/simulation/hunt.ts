import { runWorld } from './world.ts'

/** Runs worlds of a system that was broken on purpose until one notices; says so in one line of JSON. */
export const huntMutant = async (seedsMax: number): Promise<void> => {
  process.on('unhandledRejection', (error) => {
    console.log(
      JSON.stringify({ law: `a promise was rejected and nobody listened: ${String(error)}`, seeds: 1 }),
    )
    process.exit(0)
  })
  for (let seed = 1; seed <= seedsMax; seed += 1) {
    const [violation] = (await runWorld({ seed })).violations
    if (violation === undefined) continue
    console.log(JSON.stringify({ seeds: seed, law: violation.law }))
    return
  }
  console.log(JSON.stringify({ law: 'nobody noticed' }))
}
