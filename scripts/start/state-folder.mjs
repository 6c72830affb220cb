// One system at a time on one state folder: a second would serve the same orders from a memory of its own.
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../failure.mjs'
import { holdersOf, usedDatabase } from './runtime-locks.mjs'
import { commandBeside, shortPath } from './settings.mjs'
import { whyUnusable } from './unusable-folder.mjs'

/** @typedef {import('./settings.mjs').Settings} Settings */
/** @typedef {{ pid: number, port: number }} Owner */

/** A system that was killed a moment ago needs some milliseconds to let go of its folder. */
const FREE_WITHIN_MS = 3_000

const PAUSE_MS = 100

const SQLITE_BUSY = 5

/**
 * Locked until this process ends, in whatever way: then the operating system takes the lock back.
 * @type {DatabaseSync[]}
 */
const held = []

/**
 * Makes the folder and keeps it for this process. Refuses one that another system uses, or that can hold no state.
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
  noteOwner(settings)
  for (let used = usedDatabase(stateDir); used !== undefined; used = usedDatabase(stateDir)) {
    if (Date.now() > giveUpAt) throw takenByRuntime(settings, used)
    await sleep(PAUSE_MS)
  }
}

/**
 * The system that uses the folder at this moment, or undefined. For others than a system: it claims nothing.
 * @param {string} stateDir
 * @returns {Owner | undefined}
 */
export const ownerOf = (stateDir) => {
  if (!existsSync(lockFile(stateDir))) return undefined
  if (!tryLock(stateDir)) return readOwner(stateDir)
  release()
  return undefined
}

const release = () => {
  for (const each of held.splice(0)) each.close()
}

/** @param {string} stateDir */
const lockFile = (stateDir) => join(stateDir, 'lock')

/** @param {string} stateDir */
const ownerFile = (stateDir) => join(stateDir, 'owner.json')

/**
 * Made with plain calls, whose errors say what is wrong.
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

/**
 * SQLite's lock on a file is the operating system's on Linux, macOS and Windows, which Node itself does not offer.
 * The file stays empty.
 * @param {string} stateDir
 */
const tryLock = (stateDir) => {
  const database = new DatabaseSync(lockFile(stateDir))
  try {
    // Nothing is written, so that a full disk or a kill leaves nothing to mend.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    held.push(database)
    return true
  } catch (error) {
    database.close()
    if (error.errcode === SQLITE_BUSY) return false
    throw error
  }
}

/**
 * For the message to others alone: the lock decides, so that a file left behind owns nothing.
 * @param {Settings} settings
 */
const noteOwner = ({ stateDir, port }) => {
  const file = ownerFile(stateDir)
  try {
    rmSync(file, { force: true })
    writeFileSync(`${file}.new`, JSON.stringify({ pid: process.pid, port }))
    renameSync(`${file}.new`, file)
  } catch {
    // A full disk: the system itself says so where it matters.
  }
}

/**
 * @param {string} stateDir
 * @returns {Owner | undefined}
 */
const readOwner = (stateDir) => {
  try {
    return JSON.parse(readFileSync(ownerFile(stateDir), 'utf8'))
  } catch {
    return undefined
  }
}

/** @param {Settings} settings */
const takenBySystem = ({ stateDir, port }) => {
  const owner = readOwner(stateDir)
  const who = owner ? `process ${owner.pid}, on port ${owner.port}` : 'which is just starting'
  return new Failure(
    `Another system runs on the state in ${shortPath(stateDir)}: ${who}.`,
    `Use that one, or stop it${owner ? ` (kill ${owner.pid})` : ''}. To run a second one, give it a port and a state of its own: ${commandBeside(owner?.port ?? port)}`,
  )
}

/**
 * @param {Settings} settings
 * @param {string} database
 */
const takenByRuntime = ({ stateDir, port }, database) => {
  release()
  const pids = holdersOf(database)
  const who = pids.length === 0 ? 'a runtime' : `process ${pids.join(' and ')}`
  return new Failure(
    `The state in ${shortPath(stateDir)} is in use by ${who}: a wrangler dev, or what is left of a system that was killed.`,
    `Stop it${pids.length === 0 ? '' : ` (kill ${pids.join(' ')})`}, and start again. To run a second system, give it a port and a state of its own: ${commandBeside(port)}`,
  )
}
