import type { CrashPoint } from '../platform/object/turn.ts'

/** How often each cell (service, state, event, crash point) was visited. */
export class Cells {
  readonly counts = new Map<string, number>()

  count(service: string, state: string, event: string, point: CrashPoint): void {
    this.add(`${service} | ${state} | ${event} | ${point}`, 1)
  }

  add(cell: string, times: number): void {
    this.counts.set(cell, (this.counts.get(cell) ?? 0) + times)
  }
}
