// The lock of a state folder. Only one process has it at a time.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isBusy } from './runtime-locks.mjs'

/**
 * Locked until this process ends in any way: the operating system then releases the lock.
 * @type {DatabaseSync[]}
 */
const locked = []

/** @param {string} stateDir */
export const lockFile = (stateDir) => join(stateDir, 'lock')

/**
 * SQLite's lock on a file is the lock of the operating system on Linux, macOS and Windows. Node itself offers none. The
 * file stays empty.
 * @param {string} stateDir
 * @returns {boolean} whether this process has the lock now
 */
export const tryLock = (stateDir) => {
  const database = new DatabaseSync(lockFile(stateDir))
  try {
    // Nothing is written, so that neither a full disk nor a kill leaves a file to repair.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    locked.push(database)
    return true
  } catch (error) {
    database.close()
    if (isBusy(error)) return false
    throw error
  }
}

export const unlock = () => {
  for (const each of locked.splice(0)) each.close()
}

/**
 * Whether another process has the lock at this moment.
 * @param {string} stateDir
 */
export const isLocked = (stateDir) => {
  if (!existsSync(lockFile(stateDir))) return false
  if (!tryLock(stateDir)) return true
  unlock()
  return false
}
