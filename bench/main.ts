import { printCost } from './cost/main.ts'
import { readOptions } from './options.ts'
import { createReport, MACHINE } from './report.ts'
import { runOnce } from './run.ts'
import { printScaling } from './scaling/main.ts'
import { measureThroughput } from './throughput.ts'

/** Runs are interleaved: all variants, then all again. A machine that becomes slower slows all of them. */
const main = async (): Promise<void> => {
  const options = readOptions()
  const { variants, plan, mix, runs } = options
  const report = createReport({ ...options, mix: mix.name })
  console.log(`${MACHINE}, mix ${mix.name}`)
  for (let run = 0; run < runs; run += 1) {
    for (const variant of variants.filter(({ name }) => report.runsOf(name).length <= run)) {
      const startedAt = performance.now()
      console.log(`\nRun ${run + 1} of ${runs}: ${variant.name}, ${variant.summary}`)
      try {
        const figures = await runOnce(variant, { mix, plan, before: report.runsOf(variant.name).at(-1) })
        report.add(variant.name, figures)
        console.dir(figures, { depth: 2 })
      } catch (error) {
        // One variant that fails in one run costs its own figures and no others.
        console.error(`${variant.name} has no figures of this run.`, error)
        process.exitCode = 1
      }
      console.log(`${((performance.now() - startedAt) / 1_000).toFixed(0)} s`)
    }
  }
  console.log(`\nMedians:\n\n${report.table()}`)
}

if (process.argv.includes('--scaling')) printScaling({ isWritten: process.argv.includes('--write') })
else if (process.argv.includes('--throughput'))
  await measureThroughput({ isWritten: process.argv.includes('--write') })
else if (process.argv.includes('--cost')) await printCost(readOptions())
else await main()
