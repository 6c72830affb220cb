/** Rethrows the error of a request that got no response: `fetch failed` alone does not say from where. */
export const noResponseFrom =
  (address: string) =>
  (error: unknown): never => {
    throw new Error(`${address} does not respond: ${reasonOf(error)}`, { cause: error })
  }

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
