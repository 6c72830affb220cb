import fc, { type Arbitrary } from 'fast-check'

/** The products of orders. No request changes their price. */
export const PRODUCTS = ['P001', 'P002'] as const
export const UNIT_PRICE = 50

/** Card tokens, which no response may show. The simulator's slow tokens are left out: they would delay the others. */
const TOKENS = [
  'pm_card_visa',
  'pm_card_chargeDeclined',
  'pm_sim_captureDeclined',
  'pm_sim_errorOnce',
  'tok_fuzz_4242',
] as const

/** No response may contain one of these; each is the start of a token above. */
export const TOKEN_MARKS = ['pm_card_', 'pm_sim_', 'tok_fuzz_'] as const

/** The system must refuse these. No server listens at any, and no lookup leaves the machine. */
const EVIL_URLS = [
  'https://169.254.169.254/latest/meta-data',
  'https://[::ffff:10.0.0.1]/',
  'https://0x7f000001/',
  'https://user:password@hooks.invalid/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'https://hooks.invalid:25/',
  'hooks.invalid',
] as const

const mostly = <Value>(usual: Arbitrary<Value>, ...others: Value[]): Arbitrary<Value> =>
  fc.oneof({ arbitrary: usual, weight: 12 }, { arbitrary: fc.constantFrom(...others), weight: 1 })

/** Values that mean something to the system, by property name. */
export const HINTS: Readonly<Record<string, Arbitrary<unknown>>> = {
  productId: mostly<string>(fc.constantFrom(...PRODUCTS), 'FZ1', 'NOPE'),
  quantity: mostly(fc.constantFrom(1, 2, 3), 10_000),
  // Where the right total is needed, it is put in afterwards.
  totalAmount: fc.constant(undefined),
  currency: mostly(fc.constant('USD'), 'EUR', 'JPY', 'KWD', 'XXX'),
  unitPrice: fc.constantFrom(50, 0.01, 1, 9_999_999_999_999.99),
  token: fc.constantFrom(...TOKENS),
  url: mostly<string>(
    fc.constantFrom('http://127.0.0.1:9/hook', 'https://hooks.invalid/orders'),
    ...EVIL_URLS,
  ),
  orderId: fc.integer({ min: 1, max: 500 }).map((number) => `fuzz-${number}`),
  subject: fc.constant(undefined),
  secret: mostly<string | undefined>(fc.constant(undefined), 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'),
  delta: fc.constantFrom(1, 5, 1_000, -1, -1_000_000_000, 1_000_000_000),
  amount: fc.constantFrom(undefined, 0.01, 1, 50, 1_000_000),
}

/** Values of path parameters, beside those that the system gave out. */
export const PATH_VALUES: Readonly<Record<string, readonly string[]>> = {
  productId: ['P001', 'P002', 'FZ1', 'FZ2', 'FZ3'],
}

/** Requests change only these products, so that the prices of ordered products stay. */
export const WRITTEN_PRODUCTS = ['FZ1', 'FZ2', 'FZ3', 'FZ4'] as const
