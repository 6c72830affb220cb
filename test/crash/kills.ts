import { setTimeout as sleep } from 'node:timers/promises'
import { membersOf, signal } from '../support/processes.ts'
import type { Chance } from './chance.ts'
import type { Life, System } from './system.ts'

export type KillVariant = 'everything' | 'workerd first' | 'parent only' | 'freeze' | 'start-up'

/** Of ten kills. */
const DECK: readonly KillVariant[] = [
  ...['everything', 'everything', 'everything', 'everything'],
  ...['workerd first', 'workerd first'],
  ...['parent only', 'parent only'],
  'freeze',
  'start-up',
] as KillVariant[]

const FREEZE_MS = 10_000
/** How long the others may take to notice that their parent is gone. */
const PARENT_NOTICED_WITHIN_MS = 5_000

/** Every ten kills hold the whole deck, in an order by the seed. */
export const planKills = (count: number, chance: Chance): KillVariant[] => {
  const plan: KillVariant[] = []
  while (plan.length < count) plan.push(...chance.shuffled(DECK))
  return plan.slice(0, count)
}

/** Ends the life as the variant says, and tells what was seen on the way. */
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

const killParent = async (life: Life, system: System): Promise<string> => {
  const killedAt = Date.now()
  signal(life.group, 'SIGKILL')
  while (membersOf(life.group).length > 0 && Date.now() - killedAt < PARENT_NOTICED_WITHIN_MS) await sleep(50)
  const left = membersOf(life.group).length
  await system.kill(life)
  return left === 0 ? `the others followed in ${Date.now() - killedAt} ms` : `${left} others outlived it`
}
