/** Enough that no run sells them out. */
const PLENTY_UNITS = 1_000_000
/** Sold out within seconds. Sometimes a few units come in. */
const SCARCE_UNITS = 25

export type Product = {
  productId: string
  unitPrice: number
  units: number
  isScarce: boolean
  /**
   * Its price is fixed, so that orders for it may contain their total. The prices of the others change during the run.
   */
  hasFixedPrice: boolean
}

/** Products of this run alone, on both stock partitions. */
export const productsOf = (run: string): Product[] => [
  ...[1, 2, 3, 4].map((number) => ({
    productId: `${run}-plenty-${number}`,
    unitPrice: 10 + number * 0.25,
    units: PLENTY_UNITS,
    isScarce: false,
    hasFixedPrice: number !== 4,
  })),
  ...[1, 2, 3, 4].map((number) => ({
    productId: `${run}-scarce-${number}`,
    unitPrice: 20 + number * 0.99,
    units: SCARCE_UNITS,
    isScarce: true,
    hasFixedPrice: true,
  })),
]
