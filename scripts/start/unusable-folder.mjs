import { Failure } from '../failure.mjs'
import { shortPath } from './settings.mjs'

/** @type {Record<string, (folder: string) => { happened: string, advice: string }>} */
const REASONS = {
  EEXIST: (folder) => ({ happened: `${folder} is a file, but the state needs a folder.`, advice: CHOOSE }),
  ENOTDIR: (folder) => ({
    happened: `${folder} is below a file, but the state needs a folder.`,
    advice: CHOOSE,
  }),
  EACCES: (folder) => ({ happened: `This user may not write to ${folder}.`, advice: ALLOW }),
  EPERM: (folder) => ({ happened: `This user may not write to ${folder}.`, advice: ALLOW }),
  EROFS: (folder) => ({ happened: `${folder} is on a read-only disk.`, advice: CHOOSE }),
  ENOSPC: (folder) => ({
    happened: `The disk of ${folder} is full.`,
    advice: 'Free some space there, and start again. No data is lost.',
  }),
}

const CHOOSE = 'Choose another place: STATE_DIR=some/folder npm start'
const ALLOW = `Give this user write permission, or choose another place: STATE_DIR=some/folder npm start`

/** The words of SQLite and workerd for the same faults. */
const WORDS = {
  ENOSPC: /SQLITE_FULL|ENOSPC/,
  EROFS: /EROFS|[Rr]ead-only file system/,
  EACCES: /EACCES|EPERM|[Pp]ermission denied|SQLITE_READONLY|readonly database/,
}

/**
 * Why the folder can hold no state; undefined where the error has another cause.
 * @param {unknown} error
 * @param {string} stateDir
 */
export const whyUnusable = (error, stateDir) => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = REASONS[code]?.(shortPath(stateDir))
  return reason && new Failure(reason.happened, reason.advice)
}

/**
 * The same, from the output of a program.
 * @param {string} output
 * @param {string} stateDir
 */
export const whyUnusableIn = (output, stateDir) => {
  const code = Object.entries(WORDS).find(([, words]) => words.test(output))?.[0]
  return whyUnusable(Object.assign(new Error(output), { code }), stateDir)
}
