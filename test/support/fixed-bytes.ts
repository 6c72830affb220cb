import { createHash } from 'node:crypto'

/** Bytes that look random and are the same in every run. Each name has its own; no two calls return the same. */
export const fixedBytes = (name: string) => {
  let calls = 0
  return (length: number): Buffer => {
    calls += 1
    return createHash('shake256', { outputLength: length }).update(`${name} ${calls}`).digest()
  }
}
