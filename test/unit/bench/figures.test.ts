import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Figures } from '../../../bench/figures.ts'
import { createReport } from '../../../bench/report.ts'

const LATENCIES = {
  ...{ acceptP50Ms: 1, acceptP99Ms: 2, decideP50Ms: 3, decideP99Ms: 4, settleP50Ms: 5, settleP99Ms: 6 },
}

const figures = (settledPerSecond: number): Figures => ({
  ...{ settledPerSecond, burstPerSecond: 10, cpuMsPerOrder: 1, ownCpuMsPerOrder: null },
  ...{ rowsWrittenPerOrder: 20, queueOperationsPerOrder: 12, dollarsPerMillion: 20 },
  ...{ at50: { ...LATENCIES, settleP99Ms: settledPerSecond }, atHalf: LATENCIES, countedAtPerSecond: 100 },
  ...{ objectRequestsPerOrder: 1, databaseCallsPerOrder: 1, workerRequestsPerOrder: 1, messagesPerOrder: 1 },
  ...{ fsyncsPerOrder: null, acceptedPerSecond: 10, directBurstPerSecond: 10, directCpuMsPerOrder: 1 },
  ...{ residentMegabytes: 100, isBacklogFlat: settledPerSecond !== 3, ownCpuMsByPart: null },
})

describe('the file of a benchmark', () => {
  it('has the median of each figure, and goes on where an interrupted benchmark ended', () => {
    const folder = mkdtempSync(join(tmpdir(), 'edge-orders-figures-'))
    const jsonFile = join(folder, 'figures.json')
    try {
      const first = createReport({ jsonFile, isResumed: true, mix: 'uniform' })
      first.add('ours', figures(1))
      first.add('ours', figures(3))
      const second = createReport({ jsonFile, isResumed: true, mix: 'uniform' })
      expect(second.runsOf('ours')).toEqual([figures(1), figures(3)])
      second.add('ours', figures(2))

      const { ours } = JSON.parse(readFileSync(jsonFile, 'utf8'))
      expect(ours).toMatchObject({ ...figures(2), isBacklogFlat: false })
      expect(ours.runs).toEqual([figures(1), figures(3), figures(2)])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
