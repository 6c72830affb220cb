import * as worker from '../../workers/order/index.ts'

/*
 * The order Worker with partitions that are busy: each placement takes its partition for a while, one after the other. So
 * the partitions are full before the machine is, as they are on a platform that gives each its own thread.
 */

/** 200 orders a second from one partition. */
const PLACEMENT_MS = 5

export class OrderObject extends worker.OrderObject {
  override place(request: Parameters<worker.OrderObject['place']>[0]) {
    this.#takeTimeFor(1)
    return super.place(request)
  }

  override placeAll(requests: Parameters<worker.OrderObject['placeAll']>[0]) {
    this.#takeTimeFor(requests.length)
    return super.placeAll(requests)
  }

  /** The next call, alarm or event waits. */
  #takeTimeFor(placements: number): void {
    void this.ctx.blockConcurrencyWhile(() => scheduler.wait(placements * PLACEMENT_MS))
  }
}

export default worker.default
