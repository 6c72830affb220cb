import { setTimeout as sleep } from 'node:timers/promises'
import { type Chance, createChance } from './chance.ts'
import { type KillVariant, killBy } from './kills.ts'
import type { Ledger } from './ledger.ts'
import type { Load } from './load.ts'
import type { Outage } from './recovery.ts'
import type { Sender } from './sender.ts'
import type { Life, System } from './system.ts'
import type { Violation } from './violations.ts'

/** From ready to the kill. */
const LOAD_MS = { least: 1_000, most: 6_000 }
/** From the start to the second kill, where the start-up itself is killed. */
const START_UP_MS = { least: 200, most: 5_000 }

export type CycleContext = {
  system: System
  chance: Chance
  ledger: Ledger
  sender: Sender
  load: Load
  seed: number
  print: (line: string) => void
  report: (violation: Violation) => void
}

export type Cycle = {
  life: Life
  variant: KillVariant
  number: number
  kills: number
  isLastOfRound: boolean
}

/** Load, the requests that have no response yet, a kill at a seeded moment, and the next start. */
export const killAndRestart = async (context: CycleContext, cycle: Cycle) => {
  const { system, chance, ledger, load, print, report } = context
  const { life, variant, number, kills, isLastOfRound } = cycle
  const stopCatchingUp = catchUp(context, number)
  load.start()
  const loadMs = chance.between(LOAD_MS.least, LOAD_MS.most)
  await sleep(loadMs)
  if (!system.isRunning(life)) report(endedByItself(number))
  const killedAt = Date.now()
  const seen = await killBy(variant, { life, system, chance })
  await stopCatchingUp()
  if (isLastOfRound) await load.stop()
  const next = await startAgain(context, variant)
  const readyAt = await next.ready
  print(
    [
      `kill ${number}/${kills}: ${variant}${seen && ` (${seen})`} after ${seconds(loadMs)} of load`,
      `${ledger.placed.length} orders placed, ${ledger.outstanding().length} requests without a response`,
      `ready ${seconds(readyAt - next.startedAt)} after its start`,
    ].join('; '),
  )
  const outage: Outage = { killedAt, readyAt, isFollowedByRest: isLastOfRound }
  return { life: next, outage }
}

/** Sends requests without a response again, and some that have one; the next kill may interrupt it. */
const catchUp = ({ sender, seed }: CycleContext, number: number) => {
  const stop = new AbortController()
  const done = Promise.all([
    sender.sendOutstanding(stop.signal),
    sender.replaySome(createChance(seed, `replays before kill ${number}`), stop.signal),
  ])
  return async () => {
    stop.abort()
    await done
  }
}

const startAgain = async ({ system, chance }: CycleContext, variant: KillVariant): Promise<Life> => {
  if (variant === 'start-up') {
    const cut = system.start()
    await Promise.race([sleep(chance.between(START_UP_MS.least, START_UP_MS.most)), cut.ready])
    await system.kill(cut)
  }
  return system.start()
}

const endedByItself = (number: number): Violation => ({
  kind: 'start-up',
  subject: `before kill ${number}`,
  detail: 'the system ended by itself',
})

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`
