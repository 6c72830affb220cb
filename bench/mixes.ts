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

/** More than any run orders. */
const PLENTY = 1_000_000
/** About half of what a full run orders of its one product. */
const SCARCE = 5_000
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
const createZipfChoice = (products: number): ProductChoice => {
  let sum = 0
  const sums = Array.from({ length: products }, (_, index) => {
    sum += 1 / (index + 1)
    return sum
  })
  return (number) => {
    const drawn = chanceOf(number, 3) * sum
    return sums.findIndex((upTo) => drawn < upTo)
  }
}

const uniformChoice =
  (products: number): ProductChoice =>
  (number) =>
    Math.floor(chanceOf(number, 3) * products)

/** Orders for so many products, or for one alone: with plenty of stock, or with less than is ordered. */
export const createMixes = (products: number): readonly Mix[] => [
  createUniformMix(products),
  createMix('zipf', plenty(products), createZipfChoice(products)),
  createMix('hot', plenty(1), () => 0),
  createScarceMix(1, SCARCE),
]

/** Each product has as many orders as any other, and plenty of stock. */
export const createUniformMix = (products: number): Mix =>
  createMix('uniform', plenty(products), uniformChoice(products))

/** The stock of each product ends while orders still come: the rest is rejected. */
export const createScarceMix = (products: number, quantity: number): Mix =>
  createMix(
    'scarce',
    plenty(products).map(({ productId }) => ({ productId, quantity })),
    uniformChoice(products),
  )
