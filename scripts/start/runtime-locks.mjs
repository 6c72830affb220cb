// Finds the runtimes that use a state folder. A killed `npm start` may leave one running, or a developer runs a
// `wrangler dev` on the folder.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const SQLITE_BUSY = 5

/** @param {unknown} error whether another process has locked the file */
export const isBusy = (error) => error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY

/**
 * A runtime has one database open for every kind of storage, and keeps it locked as long as it runs.
 * @param {string} stateDir
 * @returns {string | undefined} a database that is in use
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
 * In exclusive mode the first read locks the file, and fails where another process has it open. The runtime itself
 * reports any other fault of the file.
 * @param {string} file
 */
const isUsed = (file) => {
  try {
    readAlone(file)
    return false
  } catch (error) {
    return isBusy(error)
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
 * The processes that have the file open, as far as this operating system shows them.
 * @param {string} file
 * @returns {number[]}
 */
export const processesUsing = (file) => (existsSync('/proc/self/fd') ? fromProc(file) : fromLsof(file))

/** @param {string} file */
const fromProc = (file) =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => Number(pid) !== process.pid && filesOf(pid).includes(file))
    .map(Number)

/** @param {string} pid */
const filesOf = (pid) => {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((each) => linkOf(`/proc/${pid}/fd/${each}`))
  } catch {
    // The process is another user's, or it has ended.
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

/** Every macOS has `lsof`. Where it is missing, the message names no process. @param {string} file */
const fromLsof = (file) =>
  (spawnSync('lsof', ['-t', '--', file], { encoding: 'utf8' }).stdout ?? '')
    .split('\n')
    .filter(Boolean)
    .map(Number)
    .filter((pid) => pid !== process.pid)
