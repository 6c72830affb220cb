import { describe, expect, it } from 'vitest'
import { createApp } from '../../../src/cloudflare/http/app.ts'

const failing = (error: Error) => {
  const lines: unknown[] = []
  const app = createApp((...line) => lines.push(line))
  app.get('/', () => {
    throw error
  })
  return { answer: () => app.request('/'), lines }
}

const withProperty = (name: string) => Object.assign(new Error('The call failed.'), { [name]: true })

describe('an error that was not caught', () => {
  it.each([
    ['a Durable Object that was reset', withProperty('durableObjectReset')],
    ['a Durable Object with too much to do', withProperty('overloaded')],
    ['a call that may be made again', withProperty('retryable')],
    ['a database that is away', new Error('D1_ERROR: D1 DB is overloaded. Requests queued for too long.')],
    ['a commit that failed', new Error('internal error; reference = 4h501h3ks7qkmldm2n6irbo4')],
    [
      'a partition that could not ask another',
      new Error('The first partition did not answer about X: reset'),
    ],
    ['a disk that is full', new Error('database or disk is full: SQLITE_FULL')],
    ['a file that is locked', new Error('database is locked: SQLITE_BUSY')],
    ['a file that cannot be written', new Error('attempt to write a readonly database: SQLITE_READONLY')],
  ])('is answered 503 after %s: it passes', async (_what, error) => {
    const { answer, lines } = failing(error)
    const response = await answer()
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await response.json()).toMatchObject({ code: 'unavailable' })
    expect(lines).toHaveLength(1)
  })

  it('is answered 503 with the setting that a partition refuses, and with what to set', async () => {
    const reason =
      'ORDER_PARTITIONS is 4, but this system was started with 2, which decides where each order lies. Set it back to 2.'
    const { answer } = failing(Object.assign(new Error(`Error: ${reason}`), { remote: true }))
    const response = await answer()
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ code: 'misconfigured', detail: reason })
  })

  it('is answered 500 where nothing says that it passes, and what it says stays in the log', async () => {
    const { answer, lines } = failing(new Error('a secret detail'))
    const response = await answer()
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('secret')
    expect(JSON.stringify(lines)).toContain('a secret detail')
  })
})
