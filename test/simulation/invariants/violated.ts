/** Reports that an invariant does not hold, with the values that show it. */
export type Violated = (invariant: string, detail: string) => void
