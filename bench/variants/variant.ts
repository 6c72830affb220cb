/** One Worker of a variant, as miniflare runs it. */
export type BenchWorker = {
  name: string
  /** The file that esbuild bundles. */
  entry: string
  /** Miniflare's options of this Worker in the form of its fourth major version, without its modules. */
  options: Record<string, unknown>
  /** The folder of migrations of each D1 database, by its binding. */
  migrations: Readonly<Record<string, string>>
}

/**
 * A system that is measured. Every variant answers `POST /orders` with 202 and an `orderId`, and `GET /orders/{id}`
 * with `placedAt`, `decidedAt` and `settledAt`, so that one load generator measures them all.
 */
export type Variant = {
  name: string
  summary: string
  /** The first Worker is the entry. `receiverUrl` is where an observed variant sends its spans. */
  workers(receiverUrl?: string): BenchWorker[]
  /** All that may look at a system looks at it while it is measured: `observers.ts`. */
  isObserved?: boolean
  /** The paths and bodies that give the shop its products. */
  stock(products: readonly BenchProduct[]): SetUpCall[]
}

export type BenchProduct = { productId: string; quantity: number }

export type SetUpCall = { method: 'PUT' | 'POST'; path: string; body: object }
