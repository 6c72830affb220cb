import { ours } from './ours.ts'
import type { Variant } from './variant.ts'

/** In the order in which they are measured and printed. */
export const VARIANTS: readonly Variant[] = [ours]
