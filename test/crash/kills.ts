import { setTimeout as sleep } from 'node:timers/promises'
import { membersOf, signal } from '../support/processes.ts'
import type { Chance } from './chance.ts'
import type { Life, System } from './system.ts'

export const KILL_VARIANTS = [
  'everything',
  'workerd first',
  'parent only',
  'freeze',
  'start-up',
  'full disk',
] as const

export type KillVariant = (typeof KILL_VARIANTS)[number]

/** How many of ten kills are of each kind. */
const DECK = [
  ...['everything', 'everything', 'everything'],
  ...['workerd first', 'workerd first'],
  ...['parent only', 'parent only'],
  'freeze',
  'start-up',
  'full disk',
] as const satisfies KillVariant[]

const FREEZE_MS = 10_000
const FULL_MS = { least: 2_000, most: 8_000 }
/** This share of the full disks is free again before the kill. Then the failed process must recover without a restart. */
const FREED_FIRST = 0.5
/** How long the others may take to notice that their parent is gone. */
const PARENT_NOTICED_WITHIN_MS = 5_000

/** Each ten kills have all kinds, in an order by the seed. The machine's own disk is never filled. */
export const planKills = (
  count: number,
  chance: Chance,
  { only, hasDisk }: { only: KillVariant | undefined; hasDisk: boolean },
): KillVariant[] => {
  const deck = only === undefined ? DECK : [only]
  const plan: KillVariant[] = []
  while (plan.length < count) plan.push(...chance.shuffled<KillVariant>(deck))
  return plan.slice(0, count).map((variant) => (variant === 'full disk' && !hasDisk ? 'everything' : variant))
}

/** Ends the life in the way of the variant, and returns what was seen meanwhile. */
export const killBy = async (
  variant: KillVariant,
  { life, system, chance }: { life: Life; system: System; chance: Chance },
): Promise<string> => {
  switch (variant) {
    case 'everything':
      return await system.kill(life).then(() => '')
    case 'start-up':
      return await system.kill(life).then(() => 'and once more while it starts')
    case 'workerd first':
      signalWorkerd(life, 'SIGKILL')
      await sleep(chance.between(50, 2_000))
      return await system.kill(life).then(() => '')
    case 'parent only':
      return await killParent(life, system)
    case 'full disk':
      return await fillDisk(life, system, chance)
    case 'freeze':
      signalWorkerd(life, 'SIGSTOP')
      await sleep(FREEZE_MS)
      signalWorkerd(life, 'SIGCONT')
      await sleep(chance.between(200, 3_000))
      return await system.kill(life).then(() => `for ${FREEZE_MS / 1_000} s, then everything`)
  }
}

const signalWorkerd = ({ group }: Life, name: NodeJS.Signals): void => {
  for (const member of membersOf(group)) if (member.name.startsWith('workerd')) signal(member.pid, name)
}

/** Load goes on while the disk takes no more bytes. */
const fillDisk = async (life: Life, system: System, chance: Chance): Promise<string> => {
  const fullMs = chance.between(FULL_MS.least, FULL_MS.most)
  const isFreedFirst = chance.isLikely(FREED_FIRST)
  system.disk?.fill()
  await sleep(fullMs)
  if (isFreedFirst) {
    system.disk?.free()
    await sleep(chance.between(200, 3_000))
  }
  const isAlive = system.isRunning(life)
  await system.kill(life)
  system.disk?.free()
  const when = isFreedFirst ? 'and free again' : 'to the end'
  return `for ${Math.round(fullMs / 1_000)} s ${when}${isAlive ? '' : '; it had ended by itself'}`
}

const killParent = async (life: Life, system: System): Promise<string> => {
  const killedAt = Date.now()
  signal(life.group, 'SIGKILL')
  while (membersOf(life.group).length > 0 && Date.now() - killedAt < PARENT_NOTICED_WITHIN_MS) await sleep(50)
  const left = membersOf(life.group).length
  await system.kill(life)
  return left === 0 ? `the others followed in ${Date.now() - killedAt} ms` : `${left} others outlived it`
}
