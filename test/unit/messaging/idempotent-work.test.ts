import { describe, expect, it } from 'vitest'
import { refusal, success } from '../../../src/kernel/result.ts'
import { createHourlyAllowance } from '../../../src/messaging/hourly-allowance.ts'
import { fence, KEYS_TABLE, OLD_KEYS_TABLE } from '../../../src/messaging/idempotency.ts'
import {
  type IdempotentWork,
  type Replied,
  workOnce,
  workOnceWithin,
} from '../../../src/messaging/idempotent-work.ts'
import { migrate } from '../../../src/messaging/schema.ts'
import { createMemoryHost } from '../../support/memory-host.ts'

type Reply = { level: number }
type Refused = { code: 'empty' | 'fenced' }
type Own = IdempotentWork<Reply, number, Refused>

const REQUEST = { requestKey: 'key-1', fingerprint: 'body-1', client: 'shop' }

const createWorld = (most = 10) => {
  const memory = createMemoryHost()
  const { host } = memory
  host.turn(() => migrate(host.sql, [KEYS_TABLE, OLD_KEYS_TABLE]))
  const keys = createHourlyAllowance(host, most)
  const done: string[] = []
  const own = (step: Partial<Own>): Own => ({
    request: REQUEST,
    replay: ({ body }) => ({ level: Number(body) }),
    admit: () => success(7),
    work: (level) => {
      done.push('worked')
      return success({ reply: { level }, toStore: () => ({ status: 200, body: `${level}`, subject: 'P1' }) })
    },
    ...step,
  })
  return {
    ...{ host, done },
    once: (step: Partial<Own> = {}) => host.turn(() => workOnce(host, own(step))),
    within: (step: Partial<Own> = {}) => host.turn(() => workOnceWithin({ host, keys }, own(step))),
  }
}

const first: Replied<Reply, Refused> = success({ level: 7, isReplay: false })

describe('work under a key', () => {
  it('is done once: a repeat gets the first reply, and nothing is looked at', () => {
    const { once, done } = createWorld()
    expect(once()).toEqual(first)
    expect(once({ admit: () => refusal({ code: 'empty' }) })).toEqual(success({ level: 7, isReplay: true }))
    expect(done).toEqual(['worked'])
  })

  it('is refused for another body', () => {
    const { once } = createWorld()
    once()
    const other = once({ request: { ...REQUEST, fingerprint: 'body-2' } })
    expect(other).toEqual(refusal({ code: 'idempotency_key_reused' }))
  })

  it.each([
    ['it is not admitted', { admit: () => refusal({ code: 'empty' as const }) }],
    ['it refuses', { work: () => refusal({ code: 'empty' as const }) }],
  ])('leaves the key free where %s', (_why, step) => {
    const { once, done } = createWorld()
    expect(once(step)).toEqual(refusal({ code: 'empty' }))
    expect(once()).toEqual(first)
    expect(done).toEqual(['worked'])
  })

  it('is refused where the key is fenced, as its caller says', () => {
    const { once, host, done } = createWorld()
    host.turn(() => fence(host.sql, REQUEST, host.now()))
    expect(once({ fenced: { code: 'fenced' } })).toEqual(refusal({ code: 'fenced' }))
    expect(() => once()).toThrow('Broken invariant: a key is fenced')
    expect(done).toEqual([])
  })
})

describe('work without a key', () => {
  it('is done each time, and nothing is stored of its reply', () => {
    const { once, done } = createWorld()
    const unkeyed = {
      request: undefined,
      work: () => {
        done.push('worked')
        return success({
          reply: { level: 7 },
          toStore: () => {
            throw new Error('stored')
          },
        })
      },
    }
    expect([once(unkeyed), once(unkeyed)]).toEqual([first, first])
    expect(done).toEqual(['worked', 'worked'])
  })
})

describe('a bound for the keys of a client', () => {
  const keyed = (key: string) => ({ request: { ...REQUEST, requestKey: key } })

  it('refuses new keys beyond it, and still replays those of before', () => {
    const { within } = createWorld(1)
    expect(within(keyed('a'))).toEqual(first)
    expect(within(keyed('b'))).toMatchObject({ ok: false, reason: { code: 'rate_limited' } })
    expect(within(keyed('a'))).toEqual(success({ level: 7, isReplay: true }))
  })

  it('counts no key that was refused', () => {
    const { within } = createWorld(1)
    within({ ...keyed('a'), work: () => refusal({ code: 'empty' }) })
    expect(within(keyed('b'))).toEqual(first)
  })

  it('comes after the refusals of the request itself', () => {
    const { within } = createWorld(1)
    within(keyed('a'))
    const refused = within({ ...keyed('b'), admit: () => refusal({ code: 'empty' }) })
    expect(refused).toEqual(refusal({ code: 'empty' }))
  })
})
