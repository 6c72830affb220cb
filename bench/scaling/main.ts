import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { rowsTable } from '../cost/rows-table.ts'
import { type Figures, writeFigures } from '../figures-in-page.ts'
import { costFigures, productionFigures } from './cost-tables.ts'
import { throughputPlot } from './plot.ts'
import { capacitiesByPartitions, capacitiesByStock } from './scenarios.ts'
import { scalingFigures } from './tables.ts'

export const SCALING_PAGE = 'docs/scaling.md'
export const COST_PAGE = 'docs/cost.md'
export const PRODUCTION_PAGE = 'docs/production.md'
export const STORAGE_PAGE = 'docs/storage.md'
export const THROUGHPUT_PLOT = 'docs/throughput.svg'

/** All figures of the page and its plot: some seconds of simulation. */
export const simulateScaling = () => {
  const capacities = { byPartitions: capacitiesByPartitions(), byStock: capacitiesByStock() }
  return { figures: scalingFigures(capacities), plot: throughputPlot(capacities) }
}

/** What docs/storage.md shows of an order's rows. */
export const storageFigures = (): Figures => ({ rows: rowsTable() })

/** `npm run bench -- --scaling`: prints the model's figures; with `--write` it brings the pages and the plot up to date. */
export const printScaling = ({ isWritten }: { isWritten: boolean }): void => {
  const { figures, plot } = simulateScaling()
  for (const [name, markdown] of Object.entries(figures)) console.log(`${name}\n${markdown}\n`)
  if (!isWritten) return
  writeFigures(SCALING_PAGE, figures)
  writeFigures(STORAGE_PAGE, storageFigures())
  writeFigures(COST_PAGE, costFigures())
  writeFigures(PRODUCTION_PAGE, productionFigures())
  writeFileSync(resolve(import.meta.dirname, '../..', THROUGHPUT_PLOT), plot)
}
