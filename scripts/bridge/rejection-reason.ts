import type { Rejection } from '../../src/bridge/ports.ts'

/** What a rejected message bears as headers or attributes, whichever the broker. */
export const reasonOf = ({ code, detail }: Rejection): Record<string, string> => ({
  'edge-orders-code': code,
  'edge-orders-detail': detail,
})
