import { readStored, toStored } from '../messaging/stored-document.ts'
import { ORDER, type Order } from './order.ts'

/** Where orders lie that have left their partition: texts under names. */
export type Archive = {
  /** Replaces the text that is there. */
  put(name: string, text: string): Promise<void>
  get(name: string): Promise<string | undefined>
}

/** The orders as NDJSON: one stored document in each line. */
export const toArchiveText = (orders: readonly Order[]): string =>
  orders.map((order) => `${toStored(ORDER, order)}\n`).join('')

export const fromArchiveText = (text: string): Order[] => linesOf(text).map((line) => readStored(ORDER, line))

/** The order with this id in a text of the archive. Only the lines that name the id are parsed. */
export const orderInArchive = (text: string, orderId: string): Order | undefined => {
  const quotedId = JSON.stringify(orderId)
  return linesOf(text)
    .filter((line) => line.includes(quotedId))
    .map((line) => readStored(ORDER, line))
    .find((order) => order.orderId === orderId)
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '')
