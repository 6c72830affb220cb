const PREFIX = 'ord_'

/** An id begins with its time: eight digits in base 36 until 2059. */
export const createOrderId = (now: number): string =>
  `${idsFrom(now)}${Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('')}`

/** All ids from this time on sort behind it. */
export const idsFrom = (at: number): string => `${PREFIX}${at.toString(36)}`
