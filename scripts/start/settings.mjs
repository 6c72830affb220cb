import { relative, resolve } from 'node:path'
import { Failure } from '../failure.mjs'
import { ROOT } from '../wrangler.mjs'

/** @typedef {{ port: number, stateDir: string, retentionDays: string | undefined }} Settings */

/**
 * An empty variable counts as not set: a file of variables may list all of them.
 * @param {Record<string, string | undefined>} environment
 * @returns {Settings}
 */
export const readSettings = ({ PORT, STATE_DIR, RETENTION_DAYS }) => ({
  port: readPort(PORT || '8787'),
  stateDir: resolve(ROOT, STATE_DIR || '.wrangler/state'),
  // The Worker checks it, wherever it comes from. Without it `wrangler.toml` says it.
  retentionDays: RETENTION_DAYS || undefined,
})

/** @param {string} text */
const readPort = (text) => {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 1 && port <= PORT_MAX) return port
  throw new Failure(`PORT is "${text}".`, `It must be a whole number from 1 to ${PORT_MAX}.`)
}

const PORT_MAX = 65_535

/**
 * How to start a second system beside the one on this port. It needs a state of its own: two systems on one state would
 * process the same orders twice.
 * @param {number} port
 */
export const commandBeside = (port) => {
  const other = port === PORT_MAX ? port - 1 : port + 1
  return `PORT=${other} STATE_DIR=.wrangler/state-${other} npm start`
}

/**
 * A folder as the user would type it.
 * @param {string} folder
 */
export const shortPath = (folder) => {
  const short = relative(ROOT, folder)
  return short.startsWith('..') || short === '' ? folder : short
}
