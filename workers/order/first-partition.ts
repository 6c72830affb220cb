import { partitionLabel } from '../../src/kernel/partitions.ts'

/** This partition exists under every list of counts, so it remembers the list that orders were placed under. */
export const FIRST_PARTITION = `orders-${partitionLabel(0)}`
