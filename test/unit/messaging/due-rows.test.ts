import { describe, expect, it } from 'vitest'
import { attendAll, createAlarm } from '../../../src/messaging/due-rows.ts'
import { WAKE_RETRY_MS } from '../../../src/messaging/turn.ts'
import { NOW } from '../../support/builders.ts'
import { createMemoryHost } from '../../support/memory-host.ts'

type Row = { id: string; version: number }

const attend = (due: readonly Row[], stored: readonly Row[], fails: string[] = []) => {
  const memory = createMemoryHost()
  const attended: { row: Row; seen: Row }[] = []
  const isDone = memory.host.turn(() =>
    attendAll(memory.host, due, {
      idOf: ({ id }) => id,
      load: (ids) => new Map(stored.filter(({ id }) => ids.includes(id)).map((row) => [row.id, row])),
      about: ({ id }) => ({ id }),
      attend: (row, seen) => {
        if (fails.includes(row.id)) throw new Error('disk full')
        attended.push({ row, seen })
      },
    }),
  )
  return { isDone, attended, lines: memory.lines }
}

describe('rows that are due', () => {
  it('are attended to as they are by now, in the order in which they were due', () => {
    const [first, second] = [
      { id: 'b', version: 1 },
      { id: 'a', version: 1 },
    ]
    const stored = [second, { ...first, version: 2 }]
    const { isDone, attended } = attend([first, second], stored)
    expect(attended).toEqual([
      { row: { id: 'b', version: 2 }, seen: first },
      { row: second, seen: second },
    ])
    expect(isDone).toBe(true)
  })

  it('are left out where they are gone by now', () => {
    expect(attend([{ id: 'a', version: 1 }], [])).toMatchObject({ isDone: true, attended: [] })
  })

  it('fail alone, and say so', () => {
    const rows = ['a', 'b', 'c'].map((id) => ({ id, version: 1 }))
    const { isDone, attended, lines } = attend(rows, rows, ['b'])
    expect(attended.map(({ row }) => row.id)).toEqual(['a', 'c'])
    expect(lines).toMatchObject([{ fields: { id: 'b', error: 'Error: disk full' } }])
    expect(isDone).toBe(false)
  })
})

const alarmWith = (
  dueTimes: readonly (number | undefined)[],
  keyExpiry = { dueAt: (): number | undefined => undefined, forget: () => {} },
) => {
  const memory = createMemoryHost()
  return { memory, alarm: createAlarm({ host: memory.host, keyExpiry, dueTimes: () => dueTimes }) }
}

describe('the alarm of a partition', () => {
  it('is set for the row that is due first', () => {
    const { memory, alarm } = alarmWith([NOW + 9_000, undefined, NOW + 5_000])
    alarm.setForDue()
    expect(memory.wakeAt()).toBe(NOW + 5_000)
  })

  it('is not set where no row is due', () => {
    const { memory, alarm } = alarmWith([undefined])
    alarm.setForDue()
    expect(memory.wakeAt()).toBeUndefined()
  })

  it('is set at once where keys have expired', () => {
    const { memory, alarm } = alarmWith([NOW + 5_000], { dueAt: () => NOW, forget: () => {} })
    alarm.setForDue()
    expect(memory.wakeAt()).toBe(NOW)
  })

  it('is set for the next due row after a wake-up that did all', () => {
    const { memory, alarm } = alarmWith([NOW + 5_000])
    memory.host.turn(() => alarm.endWakeUp({ isDone: true }))
    expect(memory.wakeAt()).toBe(NOW + 5_000)
  })

  it.each([
    ['a row failed', false, () => {}],
    [
      'keys could not be forgotten',
      true,
      () => {
        throw new Error('disk full')
      },
    ],
  ])('is set for a second try where %s', (_what, isDone, forget) => {
    const { memory, alarm } = alarmWith([NOW + 5_000], { dueAt: () => undefined, forget })
    memory.host.turn(() => alarm.endWakeUp({ isDone }))
    expect(memory.wakeAt()).toBe(NOW + WAKE_RETRY_MS)
  })
})
