/** An order of one line on its way through the model. */
export type Order = {
  placedAt: number
  /** The index of its order partition, and of its payment partition. */
  partition: number
  /** The index of the stock partition that has its product. */
  stock: number
  /** Reports that have come back: after two the order is decided, after four it is settled. */
  reports: number
}
