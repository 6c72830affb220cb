import { describe, expect, it } from 'vitest'
import { remember } from '../../../src/messaging/idempotency.ts'
import {
  changeAndWait,
  registerAndWait,
  type WebhookDoor,
} from '../../../src/operations/partition/webhook-promise.ts'
import type { WebhookView } from '../../../src/operations/webhook-view.ts'
import { NOW, OPERATOR } from '../../support/builders.ts'
import { createWebhookWorld } from '../../support/webhook-world.ts'

const REQUEST = { requestKey: 'key', fingerprint: 'body' }
const WANTED = {
  ...{ webhookId: 'wh_1', secret: 'whsec_1', caller: OPERATOR, url: 'https://shop.example/hook' },
  ...{ types: ['OrderConfirmed'] as const, request: REQUEST },
}

/** The partition behind calls. What happens while a caller waits is up to the test. */
const createDoor = () => {
  const world = createWebhookWorld()
  const door: WebhookDoor & { meanwhile(): Promise<void> } = {
    meanwhile: async () => {},
    register: async (wanted) =>
      world.partition().webhooks.register({ ...wanted, sealedSecret: wanted.secret }),
    answer: async (webhookId, request) => world.partition().webhooks.answer(webhookId, request),
    change: async (wanted) => world.partition().webhooks.change(wanted),
    webhook: async (webhookId, caller) => world.partition().webhooks.get(webhookId, caller),
    untilNoted: () => door.meanwhile(),
  }
  return { world, door }
}

/** As a key of older code has it. */
const VIEW: WebhookView = {
  id: 'wh_1',
  url: 'https://shop.example/hook',
  types: ['OrderSettled'],
  status: 'enabled',
  client: 'shop',
  createdBy: null,
  hears: 'own',
  createdAt: '2026-11-23T12:00:00.000Z',
  updatedAt: '2026-11-23T12:00:00.000Z',
}

describe('registering a webhook', () => {
  it('is answered 201 once every order partition has stored what it wants, with its secret', async () => {
    const { world, door } = createDoor()
    door.meanwhile = async () => world.acknowledge(1)
    expect(await registerAndWait(door, WANTED)).toMatchObject({
      ok: true,
      value: { status: 201, isReplay: false, view: { status: 'enabled', secret: 'whsec_1' } },
    })
  })

  it('is answered 202 and pending where that takes too long, or nobody can say', async () => {
    for (const meanwhile of [async () => {}, () => Promise.reject(new Error('the object was reset'))]) {
      const { door } = createDoor()
      door.meanwhile = meanwhile
      expect(await registerAndWait(door, WANTED)).toMatchObject({
        value: { status: 202, view: { status: 'pending', secret: 'whsec_1' } },
      })
    }
  })

  it('again under its key is answered as it was at first, whatever became of it, and without the secret', async () => {
    const { world, door } = createDoor()
    const first = await registerAndWait(door, WANTED)
    if (!first.ok) throw new Error('it was refused')
    world.acknowledge(1)
    const { secret, ...view } = first.value.view
    const again = { status: 202, isReplay: true, view }
    expect(secret).toBe('whsec_1')
    expect(await registerAndWait(door, { ...WANTED, webhookId: 'wh_2', secret: 'whsec_2' })).toMatchObject({
      value: again,
    })
    expect(world.webhook('wh_1')).toMatchObject({ status: 'enabled' })
    expect(world.webhook('wh_2')).toBeUndefined()
  })

  it('twice at once is one webhook and one answer', async () => {
    const { world, door } = createDoor()
    const noted = Promise.withResolvers<void>()
    door.meanwhile = () => noted.promise
    const answers = [registerAndWait(door, WANTED), registerAndWait(door, { ...WANTED, webhookId: 'wh_2' })]
    world.acknowledge(1)
    noted.resolve()
    expect(await Promise.all(answers)).toMatchObject([
      { value: { status: 201, isReplay: false, view: { id: 'wh_1', status: 'enabled', secret: 'whsec_1' } } },
      { value: { status: 201, isReplay: true, view: { id: 'wh_1', status: 'enabled' } } },
    ])
  })

  it('that was cut off before its answer is waited for by who asks again', async () => {
    const { world, door } = createDoor()
    await door.register(WANTED)
    world.restart()
    door.meanwhile = async () => world.acknowledge(1)
    expect(await registerAndWait(door, WANTED)).toMatchObject({ value: { status: 201, isReplay: true } })
    door.meanwhile = () => Promise.reject(new Error('it was answered already'))
    expect(await registerAndWait(door, WANTED)).toMatchObject({ value: { status: 201, isReplay: true } })
  })

  it('of which the webhook was removed meanwhile is answered with what it was', async () => {
    const { world, door } = createDoor()
    door.meanwhile = async () => void world.partition().webhooks.remove('wh_1', OPERATOR)
    const gone = { value: { status: 202, view: { id: 'wh_1', status: 'pending' } } }
    expect(await registerAndWait(door, WANTED)).toMatchObject(gone)
    expect(await registerAndWait(door, WANTED)).toMatchObject(gone)
  })

  it('that older code answered is repeated as 201', async () => {
    const { world, door } = createDoor()
    const body = JSON.stringify({ ...VIEW, id: 'wh_old' })
    remember(world.memory.sql, REQUEST, { status: 200, body, subject: '' }, NOW)
    expect(await registerAndWait(door, WANTED)).toMatchObject({
      value: { status: 201, isReplay: true, view: { id: 'wh_old' } },
    })
  })
})

describe('changing a webhook', () => {
  const enabled = async () => {
    const { world, door } = createDoor()
    await door.register(WANTED)
    world.acknowledge(1)
    return { world, door }
  }
  const more = { webhookId: 'wh_1', caller: OPERATOR, types: ['OrderSettled'] as const }

  it('is answered 200 once every order partition has stored what it wants now', async () => {
    const { world, door } = await enabled()
    door.meanwhile = async () => world.acknowledge(2)
    expect(await changeAndWait(door, more)).toMatchObject({
      value: { status: 200, view: { status: 'enabled' } },
    })
  })

  it('is answered 202 where that takes too long', async () => {
    const { door } = await enabled()
    expect(await changeAndWait(door, more)).toMatchObject({
      value: { status: 202, view: { status: 'pending' } },
    })
  })

  it('waits for nothing where nothing more is wanted', async () => {
    const { door } = await enabled()
    door.meanwhile = () => Promise.reject(new Error('it waited'))
    const disabled = { webhookId: 'wh_1', caller: OPERATOR, status: 'disabled' as const }
    expect(await changeAndWait(door, disabled)).toMatchObject({ value: { status: 200 } })
  })

  it('is refused where there is none', async () => {
    const { door } = createDoor()
    expect(await changeAndWait(door, more)).toMatchObject({ reason: { code: 'webhook_not_found' } })
  })
})
