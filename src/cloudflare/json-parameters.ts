/** A bound value of D1 may have two megabytes; a UTF-16 code unit takes at most three bytes of it. */
const LENGTH_MAX = 600_000

/** Rows → JSON arrays, each of which fits into one bound value. Every single row must fit into one. */
export const jsonParameters = (rows: readonly unknown[]): string[] => {
  const arrays: string[][] = []
  let length = 0
  for (const row of rows) {
    const text = JSON.stringify(row)
    length += text.length + 1
    const open = arrays.at(-1)
    if (open !== undefined && length <= LENGTH_MAX) {
      open.push(text)
    } else {
      arrays.push([text])
      length = text.length + 1
    }
  }
  return arrays.map((texts) => `[${texts.join(',')}]`)
}
