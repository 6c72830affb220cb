import { describe, expect, it } from 'vitest'
import { missingLine } from '../../support/answer-shape.ts'

const SHOWN = `{"orderId":"ord_0_01m84cect7ws6kqky32zvfd1pr","status":"confirmed",…,
 "placedAt":"2026-11-23T14:20:02.255Z"}
type:StockReserved type:PaymentAuthorized
`
const PRINTED = `$ call it
{"orderId":"ord_1_01m8cmkc30e0r37vgnaq9c57bp","status":"confirmed","version":7,"placedAt":"2026-11-26T19:16:29.409Z"}
anything
type:PaymentAuthorized type:StockReserved
`

describe('a shown answer', () => {
  it('comes with other ids and times, with what is left out, and with the services in either order', () => {
    expect(missingLine(SHOWN, PRINTED)).toBeUndefined()
  })

  it.each([
    ['another word', PRINTED.replace('confirmed', 'rejected'), '{"orderId"'],
    ['no time', PRINTED.replace('2026-11-26T19:16:29.409Z', 'now'), '{"orderId"'],
    ['another field at the end', PRINTED.replace('409Z"}', '409Z","more":1}'), '{"orderId"'],
    ['another order of the lines', PRINTED.split('\n').toReversed().join('\n'), 'type:'],
    ['nothing', '', '{"orderId"'],
  ])('does not come where there is %s', (_, printed, line) => {
    expect(missingLine(SHOWN, printed)).toMatch(new RegExp(`^${RegExp.escape(line)}`))
  })

  it('with the same id twice comes with the same id twice', () => {
    const shown = 'Location: /orders/ord_1_01m84cehm6wfxya0xrhy2wefx9\n'.repeat(2)
    const [first, second] = [
      '/orders/ord_0_01m8cmkc30e0r37vgnaq9c57bp',
      '/orders/ord_0_01m8cmkc5s2qh2yhestdgsnac3',
    ]
    expect(missingLine(shown, `Location: ${first}\nLocation: ${first}\n`)).toBeUndefined()
    expect(missingLine(shown, `Location: ${first}\nLocation: ${second}\n`)).toContain('Location')
  })
})
