import type { BenchProduct } from './variants/variant.ts'

/** An order as it is sent. The key of a submission that is a duplicate is the one of the order before it. */
export type Submission = { body: object; key: string }

/** Which products are ordered, how they are paid, and what is sent twice. */
export type Mix = {
  name: string
  products: readonly BenchProduct[]
  /** The order with this number; the same number gives the same order. */
  submission(number: number): Submission
}

const PRODUCTS = 1_000
/** More than any run orders. */
const PLENTY = 1_000_000
const DUPLICATE_SHARE = 0.05
const DECLINED_SHARE = 0.03

const productIdOf = (index: number): string => `bench-${index}`

const plenty = (count: number): BenchProduct[] =>
  Array.from({ length: count }, (_, index) => ({ productId: productIdOf(index), quantity: PLENTY }))

/** A number from 0 to 1 that follows from another and from nothing else. */
const chanceOf = (number: number, salt: number): number => {
  let hash = Math.imul(number + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39)
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32
}

/** Which product the order with this number is for. */
type ProductChoice = (number: number) => number

const createMix = (name: string, products: readonly BenchProduct[], chooseProduct: ProductChoice): Mix => {
  const submission = (number: number): Submission => {
    if (number > 0 && chanceOf(number, 1) < DUPLICATE_SHARE) return submission(number - 1)
    const token = chanceOf(number, 2) < DECLINED_SHARE ? 'pm_card_chargeDeclined' : 'pm_card_visa'
    const items = [{ productId: productIdOf(chooseProduct(number)), quantity: 1 }]
    return { body: { items, payment: { token } }, key: `bench-${number}` }
  }
  return { name, products, submission }
}

/** Weights 1, 1/2, 1/3 …, cumulated: a few products have most of the orders. */
const ZIPF: readonly number[] = (() => {
  let sum = 0
  return Array.from({ length: PRODUCTS }, (_, index) => {
    sum += 1 / (index + 1)
    return sum
  })
})()

const zipfIndex: ProductChoice = (number) => {
  const drawn = chanceOf(number, 3) * (ZIPF.at(-1) ?? 1)
  return ZIPF.findIndex((sum) => drawn < sum)
}

const uniform = createMix('uniform', plenty(PRODUCTS), (number) => Math.floor(chanceOf(number, 3) * PRODUCTS))

const zipf = createMix('zipf', plenty(PRODUCTS), zipfIndex)

/** All orders are for one product. */
const hot = createMix('hot', plenty(1), () => 0)

export const MIXES: readonly Mix[] = [uniform, zipf, hot]
