/** What happens to one call of a port. A crash ends the process before or after the call took effect. */
export type Fault = 'none' | 'fails before' | 'fails after' | 'crashes before' | 'crashes after'

export const FAULTS: readonly Fault[] = [
  'none',
  'fails before',
  'fails after',
  'crashes before',
  'crashes after',
]

/** The faults of one run, one for each call, and then none. */
export const createFaults = (script: readonly Fault[] = []) => {
  const left = [...script]
  let crash: () => void = () => undefined
  const crashed = (): Promise<never> => {
    crash()
    return new Promise(() => undefined)
  }
  const meet = async <Value>(effect: () => Value | Promise<Value>): Promise<Value> => {
    const fault = left.shift() ?? 'none'
    if (fault === 'fails before') throw new Error(fault)
    if (fault === 'crashes before') return crashed()
    const value = await effect()
    if (fault === 'fails after') throw new Error(fault)
    if (fault === 'crashes after') return crashed()
    return value
  }
  return {
    /** One call: it meets the next fault. */
    meet,
    isOver: () => left.length === 0,
    /** Starts processes one after the other, until one ends by itself. A process that crashed never goes on. */
    untilEnd: async (start: () => Promise<void>): Promise<void> => {
      for (;;) {
        const hasCrashed = new Promise<'crashed'>((resolve) => {
          crash = () => resolve('crashed')
        })
        if ((await Promise.race([start(), hasCrashed])) !== 'crashed') return
      }
    },
  }
}

export type Faults = ReturnType<typeof createFaults>
