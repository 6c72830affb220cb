import { describe, expect, it } from 'vitest'
import { createSharedView } from '../../../workers/order/edge/console/shared-view.ts'
import type { Asked, View } from '../../../workers/order/edge/console/view.ts'
import { NOW } from '../../support/builders.ts'

const setUp = () => {
  const world = { now: NOW, made: 0, status: 200 }
  const kept: Promise<unknown>[] = []
  const { page, forget } = createSharedView(
    async ({ caller }) => {
      world.made += 1
      return { title: 'Overview', body: `${caller.client} <${world.made}>`, status: world.status }
    },
    () => world.now,
  )
  /** What a page of this key says. */
  const open = async (keyId: string, query = ''): Promise<string> => {
    const view: View = await page({
      ...({ id: '', now: world.now, query: new URLSearchParams(query) } as Asked),
      caller: { client: keyId, scopes: [], keyId },
      keepAlive: (work) => kept.push(work),
    })
    return 'body' in view ? String(view.body) : ''
  }
  return { world, kept, open, forget }
}

describe('a shared view', () => {
  it('is made once for all tabs of a key, and its texts are escaped', async () => {
    const { world, open } = setUp()
    expect(await Promise.all([open('key_1'), open('key_1')])).toEqual(['key_1 &lt;1&gt;', 'key_1 &lt;1&gt;'])
    expect(world.made).toBe(1)
  })

  it('is another one for another key, and for another query', async () => {
    const { open } = setUp()
    await open('key_1')
    expect(await open('key_2')).toBe('key_2 &lt;2&gt;')
    expect(await open('key_2', 'hours=24')).toBe('key_2 &lt;3&gt;')
  })

  it('lets no reader wait that comes again within ten seconds, and makes a new one for the next', async () => {
    const { world, kept, open } = setUp()
    await open('key_1')
    world.now += 9_999
    expect(await open('key_1')).toBe('key_1 &lt;1&gt;')
    await Promise.all(kept)
    expect(await open('key_1')).toBe('key_1 &lt;2&gt;')
  })

  it('is never older than ten seconds', async () => {
    const { world, open } = setUp()
    await open('key_1')
    world.now += 10_000
    expect(await open('key_1')).toBe('key_1 &lt;2&gt;')
  })

  it('is made anew after something was changed', async () => {
    const { open, forget } = setUp()
    await open('key_1')
    forget()
    expect(await open('key_1')).toBe('key_1 &lt;2&gt;')
  })

  it('keeps no problem', async () => {
    const { world, open } = setUp()
    world.status = 403
    await open('key_1')
    world.status = 200
    expect(await open('key_1')).toBe('key_1 &lt;2&gt;')
  })
})
