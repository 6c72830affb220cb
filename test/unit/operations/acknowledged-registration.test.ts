import { describe, expect, it } from 'vitest'
import { remember } from '../../../src/messaging/idempotency.ts'
import {
  changeAndWait,
  type RegistrationPorts,
  registerAndWait,
} from '../../../src/operations/partition/acknowledged-registration.ts'
import type { WebhookView } from '../../../src/operations/webhook-view.ts'
import { NOW, OPERATOR } from '../../support/builders.ts'
import { createWebhookWorld } from '../../support/webhook-world.ts'

const REQUEST = { requestKey: 'key', fingerprint: 'body' }
const WANTED = {
  ...{ webhookId: 'wh_1', secret: 'whsec_1', caller: OPERATOR, url: 'https://shop.example/hook' },
  ...{ types: ['OrderConfirmed'] as const, request: REQUEST },
}

/** The partition behind calls. What happens while a caller waits is up to the test. */
const createPorts = () => {
  const world = createWebhookWorld()
  const ports: RegistrationPorts & { meanwhile(): Promise<void> } = {
    meanwhile: async () => {},
    register: async (wanted) =>
      world.partition().webhooks.register({ ...wanted, sealedSecret: wanted.secret }),
    answer: async (webhookId, request) => world.partition().webhooks.replyToRegistration(webhookId, request),
    change: async (wanted) => world.partition().webhooks.change(wanted),
    webhook: async (webhookId, caller) => world.partition().webhooks.get(webhookId, caller),
    untilNoted: () => ports.meanwhile(),
  }
  return { world, ports }
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
    const { world, ports } = createPorts()
    ports.meanwhile = async () => world.acknowledge(1)
    expect(await registerAndWait(ports, WANTED)).toMatchObject({
      ok: true,
      value: { status: 201, isReplay: false, view: { status: 'enabled', secret: 'whsec_1' } },
    })
  })

  it('gets 202 and pending where that takes too long, or is not known', async () => {
    for (const meanwhile of [async () => {}, () => Promise.reject(new Error('the object was reset'))]) {
      const { ports } = createPorts()
      ports.meanwhile = meanwhile
      expect(await registerAndWait(ports, WANTED)).toMatchObject({
        value: { status: 202, view: { status: 'pending', secret: 'whsec_1' } },
      })
    }
  })

  it('again under its key is answered as it was at first, whatever became of it, and without the secret', async () => {
    const { world, ports } = createPorts()
    const first = await registerAndWait(ports, WANTED)
    if (!first.ok) throw new Error('it was refused')
    world.acknowledge(1)
    const { secret, ...view } = first.value.view
    const again = { status: 202, isReplay: true, view }
    expect(secret).toBe('whsec_1')
    expect(await registerAndWait(ports, { ...WANTED, webhookId: 'wh_2', secret: 'whsec_2' })).toMatchObject({
      value: again,
    })
    expect(world.webhook('wh_1')).toMatchObject({ status: 'enabled' })
    expect(world.webhook('wh_2')).toBeUndefined()
  })

  it('twice at once is one webhook and one answer', async () => {
    const { world, ports } = createPorts()
    const noted = Promise.withResolvers<void>()
    ports.meanwhile = () => noted.promise
    const answers = [registerAndWait(ports, WANTED), registerAndWait(ports, { ...WANTED, webhookId: 'wh_2' })]
    world.acknowledge(1)
    noted.resolve()
    expect(await Promise.all(answers)).toMatchObject([
      { value: { status: 201, isReplay: false, view: { id: 'wh_1', status: 'enabled', secret: 'whsec_1' } } },
      { value: { status: 201, isReplay: true, view: { id: 'wh_1', status: 'enabled' } } },
    ])
  })

  it('that was cut off before its answer is waited for by who asks again', async () => {
    const { world, ports } = createPorts()
    await ports.register(WANTED)
    world.restart()
    ports.meanwhile = async () => world.acknowledge(1)
    expect(await registerAndWait(ports, WANTED)).toMatchObject({ value: { status: 201, isReplay: true } })
    ports.meanwhile = () => Promise.reject(new Error('it was answered already'))
    expect(await registerAndWait(ports, WANTED)).toMatchObject({ value: { status: 201, isReplay: true } })
  })

  it('of which the webhook was removed meanwhile is answered with what it was', async () => {
    const { world, ports } = createPorts()
    ports.meanwhile = async () => void world.partition().webhooks.remove('wh_1', OPERATOR)
    const gone = { value: { status: 202, view: { id: 'wh_1', status: 'pending' } } }
    expect(await registerAndWait(ports, WANTED)).toMatchObject(gone)
    expect(await registerAndWait(ports, WANTED)).toMatchObject(gone)
  })

  it('that older code answered is repeated as 201', async () => {
    const { world, ports } = createPorts()
    const body = JSON.stringify({ ...VIEW, id: 'wh_old' })
    remember(world.memory.sql, REQUEST, { status: 200, body, subject: '' }, NOW)
    expect(await registerAndWait(ports, WANTED)).toMatchObject({
      value: { status: 201, isReplay: true, view: { id: 'wh_old' } },
    })
  })
})

describe('changing a webhook', () => {
  const enabled = async () => {
    const { world, ports } = createPorts()
    await ports.register(WANTED)
    world.acknowledge(1)
    return { world, ports }
  }
  const more = { webhookId: 'wh_1', caller: OPERATOR, types: ['OrderSettled'] as const }

  it('is answered 200 once every order partition has stored what it wants now', async () => {
    const { world, ports } = await enabled()
    ports.meanwhile = async () => world.acknowledge(2)
    expect(await changeAndWait(ports, more)).toMatchObject({
      value: { status: 200, view: { status: 'enabled' } },
    })
  })

  it('is answered 202 where that takes too long', async () => {
    const { ports } = await enabled()
    expect(await changeAndWait(ports, more)).toMatchObject({
      value: { status: 202, view: { status: 'pending' } },
    })
  })

  it('waits for nothing where nothing more is wanted', async () => {
    const { ports } = await enabled()
    ports.meanwhile = () => Promise.reject(new Error('it waited'))
    const disabled = { webhookId: 'wh_1', caller: OPERATOR, status: 'disabled' as const }
    expect(await changeAndWait(ports, disabled)).toMatchObject({ value: { status: 200 } })
  })

  it('is refused where there is none', async () => {
    const { ports } = createPorts()
    expect(await changeAndWait(ports, more)).toMatchObject({ reason: { code: 'webhook_not_found' } })
  })
})
