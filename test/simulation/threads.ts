import { resolve as resolvePath } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type Chunk, emptyTally, merge, type Tally } from './chunks.ts'

const THREADS = 2

/** Runs chunks on two threads. `onTally` gets the total after each chunk, and returns false to end the run. */
export const runOnThreads = async (
  chunks: readonly Chunk[],
  onTally: (total: Tally) => boolean = () => true,
): Promise<Tally> => {
  const total = emptyTally()
  const waiting = [...chunks]
  let isOver = false
  const work = async (): Promise<void> => {
    const worker = new Worker(resolvePath(import.meta.dirname, 'main.ts'))
    try {
      for (;;) {
        const chunk = waiting.shift()
        if (chunk === undefined || isOver) return
        merge(total, await ask(worker, chunk))
        if (!onTally(total)) isOver = true
      }
    } finally {
      await worker.terminate()
    }
  }
  await Promise.all(Array.from({ length: Math.min(THREADS, chunks.length) }, work))
  return total
}

const ask = (worker: Worker, chunk: Chunk): Promise<Tally> =>
  new Promise((resolve, reject) => {
    const listen = (tally: Tally) => {
      worker.off('error', fail)
      resolve(tally)
    }
    const fail = (error: unknown) => {
      worker.off('message', listen)
      reject(error)
    }
    worker.once('message', listen)
    worker.once('error', fail)
    worker.postMessage(chunk)
  })
