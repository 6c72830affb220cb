import fc from 'fast-check'
import { expect, it } from 'vitest'
import { batchBody, messageBatches } from '../../../src/bridge/message-batches.ts'

const BYTES_MAX = 64 * 1024

const textArbitrary = fc
  .record({ fill: fc.constantFrom('x', 'é', '😀'), length: fc.oneof(fc.nat(20), fc.nat(40_000)) })
  .map(({ fill, length }) => ({ text: JSON.stringify(fill.repeat(length)) }))

const bytes = (body: string): number => new TextEncoder().encode(body).length

it('makes batches in order that a request can carry, each as full as it can be', () => {
  fc.assert(
    fc.property(fc.array(textArbitrary, { maxLength: 220, size: 'max' }), (events) => {
      const batches = messageBatches(events)
      expect(batches.flat()).toEqual(events)
      for (const [index, batch] of batches.entries()) {
        expect(batch.length).toBeLessThanOrEqual(100)
        if (batch.length > 1) expect(bytes(batchBody(batch))).toBeLessThanOrEqual(BYTES_MAX)
        const following = batches[index + 1]?.[0]
        const isFull =
          following === undefined ||
          batch.length === 100 ||
          bytes(batchBody([...batch, following])) > BYTES_MAX
        expect(isFull).toBe(true)
      }
    }),
    { numRuns: 10 },
  )
})
