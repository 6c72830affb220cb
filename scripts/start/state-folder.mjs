// One system at a time on one state folder: a second one would process the same orders from a memory of its own.
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { Failure } from '../failure.mjs'
import { processesUsing, usedDatabase } from './runtime-locks.mjs'
import { commandBeside, shortPath } from './settings.mjs'
import { isLocked, lockFile, tryLock, unlock } from './state-lock.mjs'
import { whyUnusable } from './unusable-folder.mjs'

/** @typedef {import('./settings.mjs').Settings} Settings */

/** A system that was just killed needs some milliseconds to free its folder. */
const FREE_WITHIN_MS = 3_000

const PAUSE_MS = 100

/**
 * Makes the folder, and keeps it for this process. Refuses a folder that another system uses, or that can hold no state.
 * @param {Settings} settings
 */
export const claimStateFolder = async (settings, withinMs = FREE_WITHIN_MS) => {
  const { stateDir } = settings
  const giveUpAt = Date.now() + withinMs
  makeLockFile(stateDir)
  while (!tryLock(stateDir)) {
    if (Date.now() > giveUpAt) throw takenBySystem(settings)
    await sleep(PAUSE_MS)
  }
  writeOwner(settings)
  for (let used = usedDatabase(stateDir); used !== undefined; used = usedDatabase(stateDir)) {
    if (Date.now() > giveUpAt) throw takenByRuntime(settings, used)
    await sleep(PAUSE_MS)
  }
}

/**
 * For other programs than a system, because it claims nothing.
 * @param {string} stateDir
 * @returns the system that uses the folder at this moment, or undefined
 */
export const ownerOf = (stateDir) => (isLocked(stateDir) ? readOwner(stateDir) : undefined)

/** @param {string} stateDir */
const ownerFile = (stateDir) => join(stateDir, 'owner.json')

/**
 * Plain calls of the file system, because their errors name the fault.
 * @param {string} stateDir
 */
const makeLockFile = (stateDir) => {
  try {
    mkdirSync(stateDir, { recursive: true })
    closeSync(openSync(lockFile(stateDir), 'a'))
  } catch (error) {
    throw whyUnusable(error, stateDir) ?? error
  }
}

const ownerFormat = z.object({ pid: z.number(), port: z.number() })

/**
 * Only for messages to the user. The lock decides, so that a left-over file owns nothing.
 * @param {Settings} settings
 */
const writeOwner = ({ stateDir, port }) => {
  const file = ownerFile(stateDir)
  try {
    rmSync(file, { force: true })
    writeFileSync(`${file}.new`, JSON.stringify({ pid: process.pid, port }))
    renameSync(`${file}.new`, file)
  } catch {
    // The disk is full. The system reports that where it matters.
  }
}

/** @param {string} stateDir */
const readOwner = (stateDir) => {
  try {
    return ownerFormat.parse(JSON.parse(readFileSync(ownerFile(stateDir), 'utf8')))
  } catch {
    return undefined
  }
}

/** @param {Settings} settings */
const takenBySystem = ({ stateDir, port }) => {
  const owner = readOwner(stateDir)
  const system = owner ? `process ${owner.pid}, on port ${owner.port}` : 'it is just starting'
  const stop = owner ? ` (kill ${owner.pid})` : ''
  return new Failure(
    `Another system runs on the state in ${shortPath(stateDir)}: ${system}.`,
    `Use that system, or stop it${stop}. ${secondSystem(owner?.port ?? port)}`,
  )
}

/**
 * @param {Settings} settings
 * @param {string} database
 */
const takenByRuntime = ({ stateDir, port }, database) => {
  unlock()
  const pids = processesUsing(database)
  const runtime = pids.length === 0 ? 'a runtime' : `process ${pids.join(' and ')}`
  const stop = pids.length === 0 ? '' : ` (kill ${pids.join(' ')})`
  return new Failure(
    `The state in ${shortPath(stateDir)} is in use by ${runtime}: a wrangler dev, or the rest of a killed system.`,
    `Stop it${stop}, and start again. ${secondSystem(port)}`,
  )
}

/** @param {number} port */
const secondSystem = (port) =>
  `To run a second system, give it its own port and state: ${commandBeside(port)}`
