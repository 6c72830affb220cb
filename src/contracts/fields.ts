import { z } from 'zod'
import { isCurrency } from '../kernel/currencies.ts'
import { parseTimestamp } from '../kernel/instant.ts'
import { toMinor } from '../kernel/money.ts'

/** Bounds that callers meet. Each is in the API's documents through the schemas below. */
export const LINES_MAX = 100
const QUANTITY_MAX = 10_000
/** Above what a forklift moves, below where sums lose exactness. */
export const STOCK_DELTA_MAX = 1_000_000_000

export const orderIdField = z.string().min(1).max(64)

/** What an address can name: there `.` and `..` mean the folder itself and the one above it, also as %2E. */
const NAME = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$/
export const nameField = z
  .string()
  .regex(NAME, 'must be 1 to 64 of the characters A–Z a–z 0–9 . _ -, and neither . nor ..')

export const productIdField = nameField

/** The id of an order that is to be placed: under any other it could not be read, cancelled or refunded. */
export const placedOrderIdField = nameField

/** The id of an order that was made elsewhere. It never looks like one of ours. */
export const externalOrderIdField = nameField.regex(
  /^(?!ord_)/,
  'must not begin with ord_: such ids are given out here',
)

/** A name that a caller gives, to find something by. */
export const labelField = z.string().min(1).max(128)

export const quantityField = z.int().min(1).max(QUANTITY_MAX)

export const currencyField = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be three capital letters of ISO 4217')
  .refine(isCurrency, 'is not an active ISO 4217 currency')

/** A JSON number of the currency's major unit; how many decimals it may have depends on the currency. */
export const amountField = z.number().min(0)

/** Any time of RFC 3339. Inside all are UTC with milliseconds. */
export const timestampField = z.stringFormat(
  'date-time',
  (text: string) => parseTimestamp(text) !== undefined,
  {
    error: 'must be a time of RFC 3339, such as 2026-11-23T12:00:00Z',
  },
)

/** A moment in what is stored: see `Instant`. */
export const instantField = z.number()

/** As responses carry them: an amount of ours, its currency, and a moment in UTC with milliseconds. */
export const amountView = z.number().min(0)
export const currencyView = z.string().regex(/^[A-Z]{3}$/)
export const timestampView = z.iso.datetime({ precision: 3 })

/** Whose order or payment it is. */
export const clientView = z
  .string()
  .optional()
  .meta({ description: 'Whose it is: only for a key with the scope `operations`.' })

/** True where `amount` is a number that `currency` can have. */
export const isAmountOf = (amount: number, currency: string): boolean =>
  toMinor(amount, currency) !== undefined
