/**
 * Turns calls that are made at the same moment into one call with a list. A moment ends when a turn of the microtask
 * queue has passed without another call. No timer is involved: a timer would wait for unrelated work of the isolate.
 */
export const coalesce = <In, Out>(
  runAll: (items: readonly In[]) => Promise<readonly Out[]>,
): ((item: In) => Promise<Out>) => {
  let waiting: { item: In; resolve: (out: Out) => void; reject: (error: unknown) => void }[] = []
  const momentEnds = async (): Promise<void> => {
    for (let seen = 0; seen < waiting.length; ) {
      seen = waiting.length
      await Promise.resolve()
    }
  }
  const flush = async () => {
    await momentEnds()
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
      waiting.push({ item, resolve, reject })
      if (waiting.length === 1) void flush()
    })
}
