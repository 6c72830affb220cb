import { readFileSync } from 'node:fs'
import { UsageError } from './usage-error.ts'

/** The text of the file that a flag names, such as a certificate. Throws a `UsageError` where it cannot be read. */
export const contentOf = (file: string, flag: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const why = error instanceof Error ? error.message : error
    throw new UsageError(`${flag} ${file} cannot be read: ${why}`, { cause: error })
  }
}
