/**
 * Where a bridge reads. Pages are read and committed one at a time. An error that is thrown is a fault that may pass:
 * the bridge rewinds and reads again. `Stop` ends the bridge.
 */
export type Source<Item> = {
  /** The next items after the last commit, in order. It waits a while for them: an empty page means that none came. */
  read(): Promise<readonly Item[]>
  /** Everything that the last `read` returned has arrived. A later bridge never gets it again. */
  commit(): Promise<void>
  /** Gives up what was read and not committed: the next `read` returns it again. `why` is for people. */
  rewind(why: string): Promise<void>
  /** Frees connections. What was not committed comes to the next bridge. */
  close(): Promise<void>
}

/** Where a bridge writes. */
export type Sink<Item> = {
  /**
   * Resolves once all items have arrived for good, and rejects if one may not have: the bridge then delivers all of them
   * again. Items with one key keep their sequence, and none is sent behind an unconfirmed one of its key.
   */
  deliver(items: readonly Item[]): Promise<void>
  close(): Promise<void>
}

/** A message as it came from a broker. */
export type BrokerMessage = {
  body: Uint8Array
  /**
   * The attributes of CloudEvents that were beside the body, without the prefix of the broker (`type`, not `ce_type`).
   * Empty where the whole event is in the body.
   */
  attributes: Readonly<Record<string, string>>
}

/** Why a message is no order. */
export type Rejection = { code: string; detail: string }

export type BrokerSource = Source<BrokerMessage> & {
  /** Stores a copy of a message of the last page, with the reason, where rejected messages go. Resolves once it is there. */
  reject(message: BrokerMessage, why: Rejection): Promise<void>
}

/** An event on its way to a broker. An adapter sends either `attributes` beside `data`, or `structured` alone. */
export type OutgoingMessage = {
  /** The event's id, up to 256 characters. The same id is the same event. */
  id: string
  type: string
  /** The order's unique id, or the product's id. */
  key: string
  /** All attributes of CloudEvents except `datacontenttype`, which is `application/json`. The mark is among them. */
  attributes: Readonly<Record<string, string>>
  /** JSON */
  data: string
  /** The whole event as JSON, with the mark: `application/cloudevents+json`. */
  structured: string
}

export type BrokerSink = Sink<OutgoingMessage>

/** No repetition would help: the bridge ends, and commits nothing more. */
export class Stop extends Error {
  /** What to do about it. */
  readonly advice: string

  constructor(happened: string, advice: string) {
    super(happened)
    this.advice = advice
  }
}
