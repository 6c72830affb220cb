/** Flags or variables that do not make a bridge: the process ends with code 2, and shows the usage. */
export class UsageError extends Error {}
