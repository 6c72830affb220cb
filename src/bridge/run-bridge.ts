import { type Chance, retryAfterSeconds } from '../messaging/back-off.ts'
import { type Sink, type Source, Stop } from './ports.ts'

export type BridgePorts = {
  /** Ends the bridge after the page at hand. */
  signal: AbortSignal
  /** Resolves after so many seconds, and at once when the signal is aborted. */
  pause(seconds: number): Promise<void>
  chance: Chance
  onDelivered(items: number): void
  onFailure(failure: BridgeFailure): void
}

export type BridgeFailure = { error: unknown; retryAfterSeconds: number }

/**
 * Moves pages from a source to a sink until the signal is aborted. A page is committed after all of it has arrived. After
 * any fault the bridge reads again from the last commit: items may arrive twice, but none is missing, and none overtakes
 * another of its key. Throws only a `Stop`.
 */
export const runBridge = async <Item>(
  source: Source<Item>,
  sink: Sink<Item>,
  ports: BridgePorts,
): Promise<void> => {
  let failures = 0
  while (!ports.signal.aborted) {
    try {
      await movePage(source, sink, ports)
      failures = 0
    } catch (error) {
      if (error instanceof Stop) throw error
      failures += 1
      await recover(source, { error, retryAfterSeconds: retryAfterSeconds(failures, ports.chance) }, ports)
    }
  }
}

const movePage = async <Item>(source: Source<Item>, sink: Sink<Item>, ports: BridgePorts): Promise<void> => {
  const items = await source.read()
  if (items.length > 0) await sink.deliver(items)
  await source.commit()
  ports.onDelivered(items.length)
}

/** A source that cannot even rewind has lost its connection, and connects again on the next read. */
const recover = async <Item>(
  source: Source<Item>,
  failure: BridgeFailure,
  ports: BridgePorts,
): Promise<void> => {
  if (ports.signal.aborted) return
  ports.onFailure(failure)
  const { error } = failure
  await source.rewind(error instanceof Error ? error.message : String(error)).catch(() => undefined)
  await ports.pause(failure.retryAfterSeconds)
}
