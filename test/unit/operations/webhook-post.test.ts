import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refusal, success } from '../../../src/kernel/result.ts'
import type { CheckAddress } from '../../../workers/operations/webhooks/webhook-address.ts'
import { postWebhook } from '../../../workers/operations/webhooks/webhook-post.ts'
import { NOW } from '../../support/builders.ts'
import { startReceiver } from '../../support/receiver.ts'

let receiver: Awaited<ReturnType<typeof startReceiver>>

beforeAll(async () => {
  receiver = await startReceiver()
})
afterAll(() => receiver.close())

const anywhere: CheckAddress = async (url) => success(url)

const SECRETS = [`whsec_${btoa('a secret of the right length')}`]

const post = (path: string, checkAddress = anywhere, secrets = SECRETS) => {
  const attempt = { webhookId: 'wh_1', deliveryId: 'msg_1', attempt: 1, body: '{}', secrets }
  return postWebhook({ ...attempt, url: receiver.url(path) }, { now: NOW, checkAddress })
}

describe('a try of a delivery', () => {
  it.each([204, 307, 302, 410, 500])('is what the address answers: %i', async (status) => {
    receiver.script('/answers', status)
    expect(await post('/answers')).toEqual({ status })
    expect(receiver.at('/elsewhere')).toEqual([])
  })

  it.each([
    [429, '120', { retryAfterMs: 120_000 }],
    [503, new Date(NOW + 90_000).toUTCString(), { retryAfterMs: 90_000 }],
    [503, 'soon', {}],
    [503, '-5', {}],
    [500, '120', {}],
    [204, '120', {}],
  ])('gets the time of the next attempt: %i with Retry-After %s', async (status, retryAfter, asked) => {
    receiver.script('/busy', status)
    receiver.retryAfter('/busy', retryAfter)
    expect(await post('/busy')).toEqual({ status, ...asked })
  })

  it('sends nothing to an address that is refused by now', async () => {
    const refused: CheckAddress = async () => refusal({ kind: 'refused', detail: 'must be another' })
    expect(await post('/refused', refused)).toEqual({ error: 'The address must be another.' })
    expect(receiver.at('/refused')).toEqual([])
  })

  it('is held against an address whose name servers fail, and not against one while our resolver is away', async () => {
    const failing = (kind: 'unresolved' | 'resolver_away'): CheckAddress => {
      return async () => refusal({ kind, detail: 'could not be looked up' })
    }
    const error = 'The address could not be looked up.'
    expect(await post('/unknown', failing('unresolved'))).toEqual({ error })
    expect(await post('/unknown', failing('resolver_away'))).toEqual({ error, isOurFault: true })
    expect(receiver.at('/unknown')).toEqual([])
  })

  it('sends nothing where no secret opens, and holds that against no address', async () => {
    const error = 'Its secret does not open: the STORAGE_KEY that sealed it is not set.'
    expect(await post('/unsigned', anywhere, [])).toEqual({ error, isOurFault: true })
    expect(receiver.at('/unsigned')).toEqual([])
  })
})
