import { relative, resolve } from 'node:path'
import { Failure } from '../failure.mjs'
import { ROOT } from '../wrangler.mjs'

/** @typedef {{ port: number, stateDir: string }} Settings */

/**
 * What is set to nothing counts as not set, as in a file of variables that names all of them.
 * @param {{ PORT?: string | undefined, STATE_DIR?: string | undefined }} environment
 * @returns {Settings}
 */
export const readSettings = ({ PORT, STATE_DIR }) => ({
  port: readPort(PORT || '8787'),
  stateDir: resolve(ROOT, STATE_DIR || '.wrangler/state'),
})

/** @param {string} text */
const readPort = (text) => {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 1 && port <= PORT_MAX) return port
  throw new Failure(`PORT is "${text}".`, `It must be a whole number from 1 to ${PORT_MAX}.`)
}

const PORT_MAX = 65_535

/**
 * How a second system is started beside one on this port: two on one state would serve the same orders twice.
 * @param {number} port
 */
export const commandBeside = (port) => {
  const other = port === PORT_MAX ? port - 1 : port + 1
  return `PORT=${other} STATE_DIR=.wrangler/state-${other} npm start`
}

/**
 * A folder as its owner would type it.
 * @param {string} folder
 */
export const shortPath = (folder) => {
  const short = relative(ROOT, folder)
  return short.startsWith('..') || short === '' ? folder : short
}
