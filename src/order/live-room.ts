import { createWaitingRoom, type WaitingRoom } from '../messaging/waiting-room.ts'
import { type LiveLimits, roomLimitsFor } from './live-limits.ts'
import { SHED } from './live-stream.ts'

/** What an isolate holds open for its callers. Streams and waits have room of their own. */
export const createLiveRooms = () => ({ streams: createWaitingRoom(), waits: createWaitingRoom() })

type Occupant = { room: WaitingRoom; bearer: string; orderId: string; limits: LiveLimits }

/** Takes a seat in the room. `shed` resolves where the seat is needed for another, or is given up. */
export const takeSeat = ({ room, bearer, orderId, limits }: Occupant) => {
  const shed = Promise.withResolvers<typeof SHED>()
  const giveUp = () => shed.resolve(SHED)
  const seat = room.enter({ bearer, orderId, shed: giveUp }, roomLimitsFor(bearer, limits))
  return { ...seat, shed: shed.promise, giveUp }
}
