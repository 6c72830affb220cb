import type { BridgeFailure } from '../../../src/bridge/run-bridge.ts'

/** What a bridge needs of its process. Pauses take no time. It ends once `isDone`, asked at each pause and page. */
export const bridgePorts = (isDone: () => boolean) => {
  const ending = new AbortController()
  const failures: BridgeFailure[] = []
  const endWhenDone = () => {
    if (isDone()) ending.abort()
  }
  return {
    failures,
    signal: ending.signal,
    pause: async () => endWhenDone(),
    chance: () => 1,
    onDelivered: endWhenDone,
    onFailure: (failure: BridgeFailure) => void failures.push(failure),
  }
}
