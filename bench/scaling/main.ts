import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { writeFigures } from '../figures-in-page.ts'
import { throughputPlot } from './plot.ts'
import { capacitiesByPartitions, capacitiesByStock } from './scenarios.ts'
import { scalingFigures } from './tables.ts'

export const SCALING_PAGE = 'docs/scaling.md'
export const THROUGHPUT_PLOT = 'docs/throughput.svg'

/** All figures of the page and its plot: some seconds of simulation. */
export const simulateScaling = () => {
  const capacities = { byPartitions: capacitiesByPartitions(), byStock: capacitiesByStock() }
  return { figures: scalingFigures(capacities), plot: throughputPlot(capacities) }
}

/** `npm run bench -- --scaling`: prints the model's figures; with `--write` it brings the page and its plot up to date. */
export const printScaling = ({ isWritten }: { isWritten: boolean }): void => {
  const { figures, plot } = simulateScaling()
  for (const [name, markdown] of Object.entries(figures)) console.log(`${name}\n${markdown}\n`)
  if (!isWritten) return
  writeFigures(SCALING_PAGE, figures)
  writeFileSync(resolve(import.meta.dirname, '../..', THROUGHPUT_PLOT), plot)
}
