import type { Result } from '../kernel/result.ts'

/**
 * The settings of a Worker or an object that cannot work without them. Throws with all their faults, so that the platform
 * tries the work again: a deployment with valid settings then does it.
 */
export const validSettings = <Settings>(read: Result<Settings, readonly string[]>): Settings => {
  if (!read.ok) throw new Error(read.reason.join('; '))
  return read.value
}
