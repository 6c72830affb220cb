import type { Instant } from '../kernel/instant.ts'
import { type Result, success } from '../kernel/result.ts'
import type { IdempotentRequest } from './idempotency.ts'
import { workOnce } from './idempotent-work.ts'
import { type Filling, loadFilling, storeFilling } from './list-filling-store.ts'
import { LISTING_RETRY_MS, tryListing } from './listing.ts'
import type { PartitionHost } from './partition.ts'
import type { Sql } from './sql.ts'

/** Rows listed in one portion: a few milliseconds of the partition and of the list's database. */
const PORTION_ROWS_MAX = 100
/** Between two portions the partition does its other work: 500 rows a second at most. */
const PORTION_EVERY_MS = 200

/** The rows of a partition that a list shows. */
export type ListSource<Row> = {
  /** The list's name, for the log. */
  name: string
  /** At most `limit` rows with a key above `key`, by ascending key. Every key is above ''. */
  loadAfter(sql: Sql, key: string, limit: number): Row[]
  keyOf(row: Row): string
  /** Writes rows to the list; an older version of a row never replaces a newer one. */
  write(rows: readonly Row[]): Promise<void>
  /** In the turn that stores that these rows are listed: what else a reader of them needs again. */
  listed?(rows: readonly Row[]): void
  /** For the log, where a portion could not be written. */
  about?(rows: readonly Row[]): Record<string, unknown>
}

type ListFillingPorts<Row> = {
  host: PartitionHost
  /** The partition's name, for the log. */
  partition: string
  source: ListSource<Row>
}

/** Whether the request was new. The key of another request is refused. */
export type Restarted = Result<{ isReplay: boolean }, { code: 'idempotency_key_reused' }>

/**
 * Lists every row of a partition again, in the order of their keys, a portion at each alarm. It runs after an upgrade
 * that brought a new list, and on request. Rows that change meanwhile are also listed as always.
 */
export const createListFilling = <Row>({ host, partition, source }: ListFillingPorts<Row>) => {
  const { name } = source

  const listPortion = (rows: readonly Row[]): Promise<boolean> =>
    tryListing(host, {
      write: () => source.write(rows),
      failure: `${name} could not be listed`,
      about: { partition, [name]: rows.length, ...source.about?.(rows) },
    })

  /** Stores how far the list is filled. A filling that was restarted meanwhile keeps its own place. */
  const advance = (filling: Filling, next: Filling | undefined, rows: readonly Row[]): void =>
    host.turn(() => {
      source.listed?.(rows)
      if (loadFilling(host.sql)?.startedAt !== filling.startedAt) return
      storeFilling(host.sql, next)
      if (next !== undefined) host.wakeBy(next.dueAt)
    })

  const fillOn = async (filling: Filling): Promise<void> => {
    const rows = source.loadAfter(host.sql, filling.lastKey, PORTION_ROWS_MAX)
    if (!(await listPortion(rows))) {
      return advance(filling, { ...filling, dueAt: host.now() + LISTING_RETRY_MS }, [])
    }
    const listed = filling.listed + rows.length
    const last = rows.at(-1)
    if (last === undefined || rows.length < PORTION_ROWS_MAX) {
      advance(filling, undefined, rows)
      return host.log('info', `the list of ${name} is filled`, { partition, [name]: listed })
    }
    const dueAt = host.now() + PORTION_EVERY_MS
    advance(filling, { ...filling, lastKey: source.keyOf(last), listed, dueAt }, rows)
  }

  const wakeForDue = (): void => {
    const filling = loadFilling(host.sql)
    if (filling !== undefined) host.turn(() => host.wakeBy(filling.dueAt))
  }

  const begin = (): void => {
    const now: Instant = host.now()
    storeFilling(host.sql, { startedAt: now, lastKey: '', listed: 0, dueAt: now })
    host.wakeBy(now)
  }

  return {
    /** Lists the next portion where one is due. */
    wake: async (): Promise<void> => {
      const filling = loadFilling(host.sql)
      if (filling !== undefined && filling.dueAt <= host.now()) await fillOn(filling)
      else wakeForDue()
    },

    /** Also on every start, and when the partition is rearmed. */
    wakeForDue,

    /** Begins with the first row, whether or not the list is being filled already; once for each idempotency key. */
    restart: (request?: IdempotentRequest): Restarted =>
      host.turn(() =>
        workOnce(host, {
          request,
          replay: () => ({}),
          admit: () => success(undefined),
          work: () => {
            begin()
            return success({ reply: {}, toStore: () => ({ status: 202, body: null, subject: '' }) })
          },
        }),
      ),
  }
}

export type ListFilling = ReturnType<typeof createListFilling>
