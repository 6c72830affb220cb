export type ViolationKind =
  | 'lost order'
  | 'double order'
  | 'double authorization'
  | 'double capture'
  | 'oversold'
  | 'stock drift'
  | 'wrong money'
  | 'wrong decision'
  | 'wrong history'
  | 'not settled'
  | 'no response'
  | 'other response'
  | 'unexpected response'
  | 'list'
  | 'start-up'

export type Violation = {
  kind: ViolationKind
  /** What it is about: an order, a product, a key. */
  subject: string
  detail: string
  /** Units sold beyond the stock. */
  units?: number
  evidence?: unknown
}

export const isDoubleCapture = ({ kind }: Violation): boolean => kind === 'double capture'

/** Orders that lost something which a response had shown. */
export const lostOrders = (violations: readonly Violation[]): number =>
  new Set(violations.filter(({ kind }) => kind === 'lost order').map(({ subject }) => subject)).size

export const oversoldUnits = (violations: readonly Violation[]): number =>
  violations.reduce((sum, { units }) => sum + (units ?? 0), 0)
