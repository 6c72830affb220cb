/** Flags or variables that do not make a bridge: the process ends with code 2, and names the help. */
export class UsageError extends Error {}
