import type { Features } from './features.ts'
import { idsFrom } from './ids.ts'

/** Documents of an object that are also in a list in D1. */
export type Rows<Document> = {
  get(id: string): Document | undefined
  getAll(ids: readonly string[]): Map<string, Document>
  /** Stores the documents, and sees to it that the list follows. */
  put(documents: readonly Document[]): Promise<void>
  /** What the alarm does. */
  list(): Promise<void>
}

type Kept = { id: string; doc: string }

type Options<Document> = {
  idOf(document: Document): string
  isDone(document: Document): boolean
  writeList(documents: readonly Document[]): Promise<void>
}

/** Rows that came so long ago are listed. Most orders are settled by then. */
const LOOK_MS = 2_000
const RELIST_MS = 1_000
const ROWS_OF_ONE_WRITE_MAX = 500

export const createRows = <Document>(
  { storage }: DurableObjectState,
  { lists, recentRows }: Pick<Features, 'lists' | 'recentRows'>,
  { idOf, isDone, writeList }: Options<Document>,
): Rows<Document> => {
  const table = createTable(storage.sql, lists === 'by alarm')
  const alarm = createAlarm(storage)
  let watermark = table.watermark()

  const documentOf = ({ doc }: Kept): Document => JSON.parse(doc)
  const putOne = (document: Document): void => {
    const id = idOf(document)
    const isRecent = recentRows && id > watermark
    const due = lists !== 'by alarm' || isRecent ? null : dueIn(RELIST_MS)
    if (lists === 'by alarm') alarm.wakeBy(due ?? dueIn(LOOK_MS))
    table.put(id, due, JSON.stringify(document))
  }
  /** The rows that came since the last look. One that still has work gets a due time. */
  const look = async (): Promise<void> => {
    const until = idsFrom(Date.now() - LOOK_MS)
    for (
      let kept = table.between(watermark, until);
      kept.length > 0;
      kept = table.between(watermark, until)
    ) {
      await writeList(kept.map(documentOf))
      watermark = kept.at(-1)?.id ?? watermark
      table.setWatermark(watermark)
      const current = table.all(kept.map(({ id }) => id))
      for (const { id } of current.filter((each) => !isDone(documentOf(each))))
        table.setDue(id, dueIn(RELIST_MS))
    }
  }
  const listDue = async (): Promise<void> => {
    for (let kept = table.due(Date.now()); kept.length > 0; kept = table.due(Date.now())) {
      await writeList(kept.map(documentOf))
      table.settle(kept)
    }
  }

  return {
    get: (id) => table.all([id]).map(documentOf)[0],
    getAll: (ids) => new Map(table.all(ids).map((kept) => [kept.id, documentOf(kept)])),
    put: async (documents) => {
      for (const document of documents) putOne(document)
      if (lists === 'in the path') await writeList(documents)
    },
    list: async () => {
      alarm.fired()
      if (recentRows) await look()
      await listDue()
      const next = table.nextDue()
      if (next !== null) alarm.wakeBy(next)
      if (recentRows && table.between(watermark, idsFrom(Date.now())).length > 0) alarm.wakeBy(dueIn(LOOK_MS))
    },
  }
}

/** One alarm serves all rows of a second. */
const dueIn = (ms: number): number => Math.ceil((Date.now() + ms) / 1_000) * 1_000

/** Each setting of an alarm writes a row, so it is set only to ring earlier. */
const createAlarm = (storage: DurableObjectStorage) => {
  let ringsAt = Number.POSITIVE_INFINITY
  return {
    wakeBy: (at: number): void => {
      if (ringsAt <= at) return
      ringsAt = at
      void storage.setAlarm(at)
    },
    fired: (): void => {
      ringsAt = Number.POSITIVE_INFINITY
    },
  }
}

/** Where no alarm writes lists, nothing is due, and no table or index for it is created. */
const createTable = (sql: SqlStorage, hasAlarm: boolean) => {
  const run = <Row extends Record<string, SqlStorageValue>>(
    query: string,
    ...bindings: (string | number | null)[]
  ): Row[] => sql.exec<Row>(query, ...bindings).toArray()
  run('CREATE TABLE IF NOT EXISTS rows (id TEXT PRIMARY KEY, due_at INTEGER, doc TEXT) WITHOUT ROWID')
  if (hasAlarm) {
    run('CREATE INDEX IF NOT EXISTS due ON rows (due_at) WHERE due_at IS NOT NULL')
    run('CREATE TABLE IF NOT EXISTS watermark (only_one INTEGER PRIMARY KEY, id TEXT)')
  }
  return {
    all: (ids: readonly string[]) =>
      run<Kept>(
        'SELECT id, doc FROM rows WHERE id IN (SELECT value FROM json_each(?))',
        JSON.stringify([...new Set(ids)]),
      ),
    between: (after: string, until: string) =>
      run<Kept>(
        'SELECT id, doc FROM rows WHERE id > ? AND id < ? ORDER BY id LIMIT ?',
        ...[after, until, ROWS_OF_ONE_WRITE_MAX],
      ),
    due: (now: number) =>
      run<Kept>(
        'SELECT id, doc FROM rows WHERE due_at <= ? ORDER BY due_at LIMIT ?',
        ...[now, ROWS_OF_ONE_WRITE_MAX],
      ),
    nextDue: (): number | null =>
      run<{ at: number | null }>('SELECT min(due_at) AS at FROM rows WHERE due_at IS NOT NULL')[0]?.at ??
      null,
    put: (id: string, dueAt: number | null, doc: string) =>
      run(
        `INSERT INTO rows (id, due_at, doc) VALUES (?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at, doc = excluded.doc`,
        ...[id, dueAt, doc],
      ),
    setDue: (id: string, dueAt: number) => run('UPDATE rows SET due_at = ? WHERE id = ?', dueAt, id),
    /** A row that changed while the list was written has another document, and stays due. */
    settle: (kept: readonly Kept[]): void => {
      for (const { id, doc } of kept) run('UPDATE rows SET due_at = NULL WHERE id = ? AND doc = ?', id, doc)
    },
    watermark: (): string => (hasAlarm ? (run<{ id: string }>('SELECT id FROM watermark')[0]?.id ?? '') : ''),
    setWatermark: (id: string) => run('INSERT OR REPLACE INTO watermark (only_one, id) VALUES (1, ?)', id),
  }
}
