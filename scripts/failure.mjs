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
