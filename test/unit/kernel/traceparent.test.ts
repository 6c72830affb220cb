import { describe, expect, it } from 'vitest'
import { readTraceparent } from '../../../src/kernel/traceparent.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'
const GOOD = `00-${TRACE}-${PARENT}-01`

describe('a traceparent', () => {
  it.each([
    [GOOD, GOOD],
    [`00-${TRACE}-${PARENT}-00`, `00-${TRACE}-${PARENT}-00`],
    // Flags that version 00 does not know are put out.
    [`00-${TRACE}-${PARENT}-ff`, `00-${TRACE}-${PARENT}-03`],
    // Of a later version the fields of version 00 are read, and version 00 is written.
    [`01-${TRACE}-${PARENT}-01`, GOOD],
    [`cc-${TRACE}-${PARENT}-01-what-the-future-will-be-like`, GOOD],
    [`cc-${TRACE}-${PARENT}-01-`, GOOD],
  ])('is read: %s', (text, written) => {
    expect(readTraceparent(text)).toEqual({ traceId: TRACE, flags: written.slice(-2), traceparent: written })
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['no text', [GOOD]],
    ['an empty text', ''],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${PARENT}-01`],
    ['a parent of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['version ff', `ff-${TRACE}-${PARENT}-01`],
    ['upper case', GOOD.toUpperCase()],
    ['a version in upper case', `0A-${TRACE}-${PARENT}-01`],
    ['a trace that is too short', `00-${TRACE.slice(1)}-${PARENT}-01`],
    ['a parent that is too long', `00-${TRACE}-${PARENT}0-01`],
    ['version 00 with more behind it', `${GOOD}-more`],
    ['a later version with more behind it, not parted', `cc-${TRACE}-${PARENT}-01.more`],
    ['two at once', `${GOOD}, ${GOOD}`],
    ['two of a later version', `01${GOOD.slice(2)}, 01${GOOD.slice(2)}`],
    ['space around it', ` ${GOOD}`],
    ['a line break behind it', `${GOOD}\n`],
  ])('is none: %s', (_, text) => {
    expect(readTraceparent(text)).toBeUndefined()
  })
})
