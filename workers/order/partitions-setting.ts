import { partitionLabel } from '../../src/kernel/partitions.ts'

/** It is there under every list of counts, so it is the one that knows which lists there were. */
export const FIRST_PARTITION = `orders-${partitionLabel(0)}`
