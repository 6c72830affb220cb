/**
 * Random bytes without chance, for the ids and sealed secrets of a script: every byte of the nth array is n, so that two
 * platforms make the same ones, and no two ids of one script are the same.
 */
export const createCountedBytes = () => {
  let made = 0
  return (bytes: Uint8Array): Uint8Array => {
    made += 1
    return bytes.fill(made)
  }
}
