import { orderPlacedEventExample } from './orders.ts'

const { client, ...data } = orderPlacedEventExample.data

export const feedEventExample = {
  ...orderPlacedEventExample,
  data,
  client,
  partitionkey: orderPlacedEventExample.subject,
  sequence: '000001',
}

/** Begun, and all read up to the position 6, in one partition. */
export const feedCursorExample = 'WzAsWyIwIiwiN3Fma3ZjOWgiLDYsNiwwXV0'
