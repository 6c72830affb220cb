import type { Result } from '../kernel/result.ts'

/**
 * The settings of a Worker or an object that cannot work without them. Throws with all that is wrong, so that the
 * platform tries again what was to be done: a deployment with valid settings then does it.
 */
export const validSettings = <Settings>(read: Result<Settings, readonly string[]>): Settings => {
  if (!read.ok) throw new Error(read.reason.join('; '))
  return read.value
}
