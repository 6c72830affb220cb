import { Failure } from '../failure.mjs'
import { shortPath } from './settings.mjs'

/** @type {Record<string, (folder: string) => { happened: string, advice: string }>} */
const REASONS = {
  EEXIST: (folder) => ({ happened: `${folder} is a file, and state needs a folder.`, advice: CHOOSE }),
  ENOTDIR: (folder) => ({
    happened: `${folder} lies below a file, and state needs a folder.`,
    advice: CHOOSE,
  }),
  EACCES: (folder) => ({ happened: `This user may not write to ${folder}.`, advice: ALLOW }),
  EPERM: (folder) => ({ happened: `This user may not write to ${folder}.`, advice: ALLOW }),
  EROFS: (folder) => ({ happened: `${folder} lies on a disk that can only be read.`, advice: CHOOSE }),
  ENOSPC: (folder) => ({
    happened: `The disk that ${folder} lies on is full.`,
    advice: 'Make room there and start again: nothing is lost.',
  }),
}

const CHOOSE = 'Choose another place: STATE_DIR=some/folder npm start'
const ALLOW = `Give this user the right to write there, or choose another place: STATE_DIR=some/folder npm start`

/** What SQLite and workerd say of the same troubles. */
const WORDS = {
  ENOSPC: /SQLITE_FULL|ENOSPC/,
  EROFS: /EROFS|[Rr]ead-only file system/,
  EACCES: /EACCES|EPERM|[Pp]ermission denied|SQLITE_READONLY|readonly database/,
}

/**
 * Why no state can be kept in the folder, or undefined where the error says something else.
 * @param {unknown} error
 * @param {string} stateDir
 */
export const whyUnusable = (error, stateDir) => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = REASONS[code]?.(shortPath(stateDir))
  return reason && new Failure(reason.happened, reason.advice)
}

/**
 * The same, from what a program printed.
 * @param {string} output
 * @param {string} stateDir
 */
export const whyUnusableIn = (output, stateDir) => {
  const code = Object.entries(WORDS).find(([, words]) => words.test(output))?.[0]
  return whyUnusable(Object.assign(new Error(output), { code }), stateDir)
}
