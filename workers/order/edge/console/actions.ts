import { discardDeadLetters, redriveDeadLetters } from '../../../../src/contracts/http/dead-letter-groups.ts'
import type { Problem } from '../../../../src/contracts/http/problem.ts'
import { type Result, success } from '../../../../src/kernel/result.ts'
import type { Answer, Api } from './api.ts'
import { type Form, numberField, textFields } from './form.ts'
import { type Content, pathOf } from './view.ts'

/**
 * Makes one call of the API. Where it went well, the result is the address of the page to go on with, or the page itself
 * where it shows a secret, which no address may have.
 */
export type Action = (
  api: Api,
  param: Readonly<Record<string, string>>,
  form: Form,
) => Promise<Result<string | Content, Problem>>

/** A thousand deliveries or letters: a form takes seconds at most. */
export const PORTIONS_MAX = 10

/** The fields of a form that say which letters are meant. */
const lettersOf = (form: Form) => ({
  ...textFields(form, 'queue'),
  ...textFields(form, 'reason'),
  ...textFields(form, 'type'),
  ...textFields(form, 'error'),
  ...textFields(form, 'seenBefore'),
})

/** Sends open letters again. With a rate it is one portion: the next may follow once that is delivered. */
const redriveGroup: Action = async (api, _param, form) => {
  const rate = numberField(form, 'rate')
  const body = { ...lettersOf(form), ...rate }
  const attempt = form.get('attempt') ?? crypto.randomUUID()
  const most = 'rate' in rate ? 1 : PORTIONS_MAX
  const done = { count: 0, remaining: 0, seconds: 0 }
  for (let portion = 0; portion < most; portion += 1) {
    const sent = await api.post(redriveDeadLetters, '/dead-letters/redrive', body, `${attempt}.${portion}`)
    if (!sent.ok) return sent
    const { redriven, remaining = 0, seconds = 0 } = sent.value
    Object.assign(done, { count: done.count + redriven.length, remaining, seconds })
    if (remaining === 0 || redriven.length === 0) break
  }
  return success(groupPage(form, 'redriven', done))
}

/** Discards open letters. What is discarded no longer matches, so the next portion goes on. */
const discardGroup: Action = async (api, _param, form) => {
  const why = form.get('why')?.trim() ?? ''
  const body = { reason: why, letters: lettersOf(form) }
  const attempt = form.get('attempt') ?? crypto.randomUUID()
  const done = { count: 0, remaining: 0, seconds: 0 }
  for (let portion = 0; portion < PORTIONS_MAX; portion += 1) {
    const closed = await api.post(discardDeadLetters, '/dead-letters/discard', body, `${attempt}.${portion}`)
    if (!closed.ok) return closed
    const { discarded, remaining = 0 } = closed.value
    Object.assign(done, { count: done.count + discarded.length, remaining })
    if (remaining === 0 || discarded.length === 0) break
  }
  return success(groupPage(form, 'discarded', done))
}

const groupPage = (
  form: Form,
  done: string,
  { count, remaining, seconds }: { count: number; remaining: number; seconds: number },
): string => {
  const { seenBefore: _time, ...group } = lettersOf(form)
  const numbers = { count: String(count), remaining: String(remaining), seconds: String(seconds) }
  return `/console/dead-letters/group?${new URLSearchParams({ ...group, done, ...numbers })}`
}

/** Actions by the path of their form. Those of webhooks, keys, feeds and the shop are in their own folders. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  '/console/orders/:id/cancel': (api, { id = '' }, form) =>
    act(api, pathOf('orders', id, 'cancel'), textFields(form, 'reason'), form).then(
      goingTo(`${pathOf('console', 'orders', id)}?done=cancelled`),
    ),
  '/console/orders/:id/refund': (api, { id = '' }, form) =>
    act(
      api,
      pathOf('payments', id, 'refunds'),
      { ...textFields(form, 'reason'), ...numberField(form, 'amount') },
      form,
    ).then(goingTo(`${pathOf('console', 'orders', id)}?done=refund`)),
  '/console/pauses': (api, _param, form) =>
    act(api, '/pauses', { ...textFields(form, 'productId'), ...textFields(form, 'reason') }, form).then(
      goingTo('/console/orders?done=paused'),
    ),
  '/console/pauses/lift': (api, _param, form) =>
    act(api, '/pauses/lift', textFields(form, 'productId'), form).then(
      goingTo('/console/orders?done=resumed'),
    ),
  '/console/dead-letters/redrive': redriveGroup,
  '/console/dead-letters/discard': discardGroup,
  '/console/dead-letters/:id/redrive': (api, { id = '' }, form) =>
    act(api, pathOf('dead-letters', id, 'redrive'), {}, form).then(
      goingTo(`${pathOf('console', 'dead-letters', id)}?done=redriven&count=1`),
    ),
  '/console/dead-letters/:id/discard': (api, { id = '' }, form) =>
    act(api, pathOf('dead-letters', id, 'discard'), textFields(form, 'reason'), form).then(
      goingTo(`${pathOf('console', 'dead-letters', id)}?done=discarded&count=1`),
    ),
}

export const act = (api: Api, path: string, body: object, form: Form): Promise<Answer<null>> =>
  api.send(path, body, form.get('attempt') ?? crypto.randomUUID())

/** The page to go on with, where the call went well. Its response was read already, or has nothing to tell. */
export const goingTo =
  (page: string) =>
  (done: Answer<unknown>): Result<string, Problem> =>
    done.ok ? success(page) : done
