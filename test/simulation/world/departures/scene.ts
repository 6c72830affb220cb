import type { ClientRecords } from '../../clients/client-records.ts'
import type { Persist } from '../../clients/persist.ts'
import type { DepartureWatch } from '../../invariants/departure-watch.ts'
import type { Actor } from '../../platform/scheduler.ts'
import type { System } from '../../system/system.ts'
import type { Workload } from '../workload.ts'

/** A world whose orders leave for the archive. */
export type DepartureScene = {
  system: System
  cloud: Actor
  records: ClientRecords
  workload: Workload
  persist: Persist
  watch: DepartureWatch
}
