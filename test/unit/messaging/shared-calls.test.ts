import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { refusal, success } from '../../../src/kernel/result.ts'
import { createFairLine } from '../../../src/messaging/fair-line.ts'
import { type Asked, callTogether, type SendAll } from '../../../src/messaging/shared-calls.ts'
import { NOW } from '../../support/builders.ts'

type Reply = string

/** Callers of one resource, which answers when the test lets it. */
const setUp = () => {
  const line = createFairLine<Asked<string, Reply>>({
    ...{ now: () => NOW, capacity: 50, sharedBytesMax: 1_000, leaseMs: 60_000 },
  })
  const calls: { by: string; requests: readonly string[]; answer: PromiseWithResolvers<Answers> }[] = []
  const after = (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  }
  const ask = (request: string) => {
    const sendAll: SendAll<string, Reply> = (requests) => {
      const answer = Promise.withResolvers<Answers>()
      calls.push({ by: request, requests, answer })
      return answer.promise
    }
    const sharing = { line, bearer: 'shop', asked: { request, cost: 1, bytes: 1 }, sendAll }
    const reply = callTogether(sharing, { after, waitMsMax: 10_000, replyMsMax: 30_000 })
    return reply.catch((error: Error) => error)
  }
  const done = (request: string) => success(`${request} done`)
  return { calls, ask, done, settle: () => vi.advanceTimersByTimeAsync(0) }
}

type Answers = Awaited<ReturnType<SendAll<string, Reply>>>

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('callers that share calls', () => {
  it('each get their own reply; one of them makes the call, by its own connection', async () => {
    const { calls, ask, done, settle } = setUp()
    const replies = ['1', '2', '3'].map(ask)
    await settle()
    calls[0]?.answer.resolve([done('1')])
    await settle()
    calls[1]?.answer.resolve([done('2'), done('3')])
    expect(await Promise.all(replies)).toEqual(['1 done', '2 done', '3 done'])
    expect(calls.map(({ by, requests }) => [by, requests.join()])).toEqual([
      ['1', '1'],
      ['2', '2,3'],
    ])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('fail alone: one that is refused changes nothing for the others', async () => {
    const { calls, ask, done, settle } = setUp()
    const replies = ['1', '2', '3', '4'].map(ask)
    await settle()
    calls[0]?.answer.resolve([done('1')])
    await settle()
    calls[1]?.answer.resolve([done('2'), refusal('Error: SQLITE_FULL'), done('4')])
    expect(await Promise.all(replies)).toEqual([
      '1 done',
      '2 done',
      new Error('Error: SQLITE_FULL'),
      '4 done',
    ])
  })

  it('all get the error of a call that failed, as it is, and the next call goes on', async () => {
    const { calls, ask, done, settle } = setUp()
    const replies = ['1', '2', '3'].map(ask)
    await settle()
    calls[0]?.answer.resolve([done('1')])
    await settle()
    const later = ask('4')
    const error = Object.assign(new Error('The object was reset.'), { durableObjectReset: true })
    calls[1]?.answer.reject(error)
    expect(await Promise.all(replies.slice(1))).toEqual([error, error])
    expect(await replies[1]).toBe(error)
    await settle()
    calls[2]?.answer.resolve([done('4')])
    expect(await later).toBe('4 done')
  })

  it('get an error where a reply is missing', async () => {
    const { calls, ask, settle } = setUp()
    const reply = ask('1')
    await settle()
    calls[0]?.answer.resolve([])
    expect(await reply).toMatchObject({ message: expect.stringContaining('no reply to one') })
  })

  it('go ahead after ten seconds in the line', async () => {
    const { calls, ask } = setUp()
    void ask('1')
    void ask('2')
    await vi.advanceTimersByTimeAsync(9_999)
    expect(calls).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(calls.map(({ requests }) => requests)).toEqual([['1'], ['2']])
  })

  it('hold a timer while they wait for the call of another, and give it up when that caller is gone', async () => {
    const { calls, ask, done, settle } = setUp()
    void ask('1')
    void ask('gone')
    const reply = ask('3')
    await settle()
    calls[0]?.answer.resolve([done('1')])
    await settle()
    expect(calls[1]?.requests).toEqual(['gone', '3'])
    await vi.advanceTimersByTimeAsync(30_000)
    expect(await reply).toMatchObject({ message: expect.stringContaining('had no reply'), retryable: true })
  })
})
