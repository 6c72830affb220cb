import { hash32 } from './hash.ts'

/** 32 bits each. */
const SPAN_WORDS = 2
const TRACE_WORDS = 4

/** The id of a span that follows from what it is about: made again, it is the same span. */
export const spanIdOf = (text: string): string => digits(text, SPAN_WORDS)

/** The same for a trace that has no id of its own. */
export const traceIdFor = (text: string): string => digits(text, TRACE_WORDS)

const digits = (text: string, words: number): string =>
  Array.from({ length: words }, (_, nth) => hash32(`${nth}/${text}`).toString(16).padStart(8, '0')).join('')
