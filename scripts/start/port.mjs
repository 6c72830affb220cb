import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../failure.mjs'
import { commandBeside } from './settings.mjs'

/** A system that was killed a moment ago needs some milliseconds to let go of its port. */
const FREE_WITHIN_MS = 3_000

/**
 * Resolves once nobody else listens on the port.
 * @param {number} port
 */
export const waitForPort = async (port, withinMs = FREE_WITHIN_MS) => {
  const giveUpAt = Date.now() + withinMs
  while (!(await isFree(port, '127.0.0.1')) || !(await isFree(port, '::1'))) {
    if (Date.now() > giveUpAt) throw taken(port)
    await sleep(100)
  }
}

/**
 * Any other trouble, such as a machine without IPv6, is not for us to judge.
 * @param {number} port
 * @param {string} host
 * @returns {Promise<boolean>}
 */
const isFree = (port, host) =>
  new Promise((answer) => {
    const server = createServer()
    server.once('error', (error) => answer(!('code' in error && error.code === 'EADDRINUSE')))
    server.listen({ port, host }, () => server.close(() => answer(true)))
  })

/** @param {number} port */
const taken = (port) =>
  new Failure(
    `Port ${port} is taken by another program.`,
    `Stop it, or choose another port, with a state of its own where that is a second system: ${commandBeside(port)}`,
  )
