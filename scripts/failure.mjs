/** A failure that we can explain: what happened, and what to do. Every other error that is thrown is a bug. */
export class Failure extends Error {
  /**
   * @param {string} happened
   * @param {string} advice
   */
  constructor(happened, advice) {
    super(`${happened}\n${advice}`)
  }
}

/**
 * Ends the process with code 1. A failure that we can explain, and an argument that `parseArgs` refuses, need no stack.
 * @param {unknown} error
 */
export const endWith = (error) => {
  const isExpected = error instanceof Failure || isBadArgument(error)
  console.error(isExpected && error instanceof Error ? error.message : error)
  process.exit(1)
}

/** @param {unknown} error */
const isBadArgument = (error) =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
