import { newUlid } from './new-ulid.ts'

/** So many random digits that no two epochs of a partition are the same. */
const EPOCH_DIGITS = 8

export const newEpoch = (): string => newUlid().slice(-EPOCH_DIGITS)
