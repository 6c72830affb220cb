import type { Caller } from '../../../src/contracts/caller.ts'

/**
 * Callers of requests that this Worker makes to itself. No request from outside is in this map: its key is the request
 * object, and not anything that a request says.
 */
const callers = new WeakMap<Request, Caller>()

/** The same request, for a caller who was verified already. */
export const asCaller = (request: Request, caller: Caller): Request => {
  callers.set(request, caller)
  return request
}

export const inProcessCallerOf = (request: Request): Caller | undefined => callers.get(request)
