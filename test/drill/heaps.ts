/** The heap of one isolate of workerd, in bytes. */
export type Heap = { isolate: string; used: number; total: number }

type Usage = { usedSize: number; totalSize: number; backingStorageSize?: number }

/** The heaps of all isolates, ours and the emulator's own, as workerd's inspector on this port reports them after a collection. */
export const heapsOf = async (inspectorPort: number): Promise<Heap[]> => {
  const listed = await fetch(`http://127.0.0.1:${inspectorPort}/json`)
  const targets = (await listed.json()) as { id: string }[]
  const heaps: Heap[] = []
  for (const { id } of targets) {
    const usage = await usageOf(`ws://127.0.0.1:${inspectorPort}/${id}`)
    const backing = usage?.backingStorageSize ?? 0
    if (usage !== undefined)
      heaps.push({ isolate: id, used: usage.usedSize + backing, total: usage.totalSize + backing })
  }
  return heaps.sort((left, right) => right.total - left.total)
}

/** A snapshot collects garbage first. workerd never replies to `HeapProfiler.collectGarbage`. */
const COLLECT_GARBAGE = { id: 1, method: 'HeapProfiler.takeHeapSnapshot' }
const READ_USAGE = { id: 2, method: 'Runtime.getHeapUsage' }

/** What is alive. Undefined for an isolate that has no inspector. */
const usageOf = (address: string): Promise<Usage | undefined> =>
  new Promise((resolve) => {
    const socket = new WebSocket(address)
    socket.addEventListener('error', () => resolve(undefined))
    const ask = (request: { id: number; method: string }) => socket.send(JSON.stringify(request))
    socket.addEventListener('open', () => ask(COLLECT_GARBAGE))
    socket.addEventListener('message', ({ data }) => {
      const { id, result } = JSON.parse(String(data)) as { id?: number; result?: Usage }
      if (id === COLLECT_GARBAGE.id) ask(READ_USAGE)
      if (id !== READ_USAGE.id) return
      socket.close()
      resolve(result)
    })
  })
