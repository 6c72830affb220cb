import { expect, it } from 'vitest'
import { createWaitingRoom } from '../../../src/messaging/waiting-room.ts'

const WIDE = { total: 100, perBearer: 100, perOrder: 100 }

/** A room whose waiters are named `bearer/order/number`; tells who was shed, in order. */
const setUp = (limits: Partial<typeof WIDE>) => {
  const room = createWaitingRoom()
  const shed: string[] = []
  const enter = (name: string) => {
    const [bearer = '', orderId = ''] = name.split('/')
    return room.enter({ bearer, orderId, shed: () => shed.push(name) }, { ...WIDE, ...limits })
  }
  return { room, shed, enter }
}

it('sheds the oldest of an order that has too many, of any bearer', () => {
  const { shed, enter } = setUp({ perOrder: 2 })
  for (const name of ['a/1/x', 'b/1/x', 'b/2/x', 'c/1/x', 'c/1/y']) enter(name)
  expect(shed).toEqual(['a/1/x', 'b/1/x'])
})

it('sheds the oldest of a bearer that has too many', () => {
  const { shed, enter } = setUp({ perBearer: 2 })
  for (const name of ['a/1/x', 'b/2/x', 'a/3/x', 'a/4/x']) enter(name)
  expect(shed).toEqual(['a/1/x'])
})

it('sheds the oldest of the bearer that has most where all of the room is taken', () => {
  const { shed, enter } = setUp({ total: 4 })
  for (const name of ['shop/1/x', 'flood/2/x', 'flood/3/x', 'flood/4/x', 'other/5/x', 'third/6/x'])
    enter(name)
  expect(shed).toEqual(['flood/2/x', 'flood/3/x'])
})

it('sheds the oldest of all where every bearer has one', () => {
  const { shed, enter } = setUp({ total: 2 })
  for (const name of ['a/1/x', 'b/2/x', 'c/3/x']) enter(name)
  expect(shed).toEqual(['a/1/x'])
})

it('spares a waiter that had something to tell, and forgets one that left', () => {
  const { room, shed, enter } = setUp({ perBearer: 3 })
  const busy = enter('a/1/busy')
  enter('a/2/idle')
  const gone = enter('a/3/gone')
  busy.touch()
  gone.leave()
  gone.touch()
  enter('a/4/x')
  expect(shed).toEqual([])
  enter('a/5/x')
  expect(shed).toEqual(['a/2/idle'])
  expect(room.size()).toBe(3)
})
