/** Runs a function a moment later, after whatever else is ready to run now. */
export type Defer = (run: () => void) => void

/** Turns calls that are made at the same moment into one call with a list. */
export const coalesce = <In, Out>(
  runAll: (items: readonly In[]) => Promise<readonly Out[]>,
  defer: Defer,
): ((item: In) => Promise<Out>) => {
  let waiting: { item: In; resolve: (out: Out) => void; reject: (error: unknown) => void }[] = []
  const flush = async () => {
    const calls = waiting
    waiting = []
    try {
      const outs = await runAll(calls.map((call) => call.item))
      for (const [index, call] of calls.entries()) call.resolve(outs[index] as Out)
    } catch (error) {
      for (const call of calls) call.reject(error)
    }
  }
  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) defer(() => void flush())
      waiting.push({ item, resolve, reject })
    })
}
