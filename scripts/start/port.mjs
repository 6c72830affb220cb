import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../failure.mjs'
import { commandBeside } from './settings.mjs'

/** A system that was just killed needs some milliseconds to free its port. */
const FREE_WITHIN_MS = 3_000

/**
 * Resolves when no other program listens on the port.
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
 * Only a port in use counts. Any other error, such as that of a machine without IPv6, says nothing about other programs.
 * @param {number} port
 * @param {string} host
 * @returns {Promise<boolean>}
 */
const isFree = (port, host) =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(!('code' in error && error.code === 'EADDRINUSE')))
    server.listen({ port, host }, () => server.close(() => resolve(true)))
  })

/** @param {number} port */
const taken = (port) =>
  new Failure(
    `Another program uses port ${port}.`,
    `Stop that program, or choose another port. A second system needs a state of its own too: ${commandBeside(port)}`,
  )
