// Who really uses a state folder: the runtimes, which a killed starter or a `wrangler dev` typed by hand leave there.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const SQLITE_BUSY = 5

/**
 * A database that some runtime has open: each keeps one for every kind of storage, locked for as long as it runs.
 * @param {string} stateDir
 * @returns {string | undefined}
 */
export const usedDatabase = (stateDir) => databasesIn(join(stateDir, 'v3')).find(isUsed)

/** @param {string} folder */
const databasesIn = (folder) =>
  foldersIn(folder)
    .flatMap(foldersIn)
    .map((each) => join(each, 'metadata.sqlite'))
    .filter((file) => existsSync(file))

/** @param {string} folder */
const foldersIn = (folder) => {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name))
  } catch {
    return []
  }
}

/**
 * In exclusive mode the first read needs the file for itself. Whatever else fails is for the runtime to tell.
 * @param {string} file
 */
const isUsed = (file) => {
  try {
    readAlone(file)
    return false
  } catch (error) {
    return error.errcode === SQLITE_BUSY
  }
}

/** @param {string} file */
const readAlone = (file) => {
  const database = new DatabaseSync(file)
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE')
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
  } finally {
    database.close()
  }
}

/**
 * The processes that have the file open, as far as this system tells.
 * @param {string} file
 * @returns {number[]}
 */
export const holdersOf = (file) => (existsSync('/proc/self/fd') ? holdersInProc(file) : holdersByLsof(file))

/** @param {string} file */
const holdersInProc = (file) =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => Number(pid) !== process.pid && filesOf(pid).includes(file))
    .map(Number)

/** @param {string} pid */
const filesOf = (pid) => {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((each) => linkOf(`/proc/${pid}/fd/${each}`))
  } catch {
    // Another user's, or it ended.
    return []
  }
}

/** @param {string} path */
const linkOf = (path) => {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

/** Every macOS has it; where it is missing, the message names no process. @param {string} file */
const holdersByLsof = (file) =>
  (spawnSync('lsof', ['-t', '--', file], { encoding: 'utf8' }).stdout ?? '')
    .split('\n')
    .filter(Boolean)
    .map(Number)
    .filter((pid) => pid !== process.pid)
