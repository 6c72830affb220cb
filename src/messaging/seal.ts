/** A sealed text begins so. Stored rows are told apart from older, plain ones by it. */
export const SEAL_PREFIX = 'sealed.'

/** `broken`: the text was sealed for another row, or changed since. */
export type SealFault = 'unknown_key' | 'broken'
