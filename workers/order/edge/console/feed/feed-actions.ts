import { switchFeedOff } from '../../../../../src/contracts/http/feed.ts'
import { getFeedConsumer, removeFeedConsumer } from '../../../../../src/contracts/http/feed-consumers.ts'
import { switchProductFeedOff } from '../../../../../src/contracts/http/product-feed.ts'
import { success } from '../../../../../src/kernel/result.ts'
import { type Action, act, goingTo } from '../actions.ts'
import { type Form, textFields } from '../form.ts'
import { pathOf } from '../view.ts'

const consumerPath = (name: string): string => pathOf('feed', 'consumers', name)

const pageOf = (name: string, done: string): string =>
  `${pathOf('console', 'feed', 'consumers', name)}?done=${done}`

/** No type is chosen: all of them. */
const typesIn = (form: Form): { types?: string[] } => {
  const types = form.getAll('type')
  return types.length === 0 ? {} : { types }
}

/** The API changes the types of a consumer that is there. A form for a new one must not. */
const create: Action = async (api, _param, form) => {
  const name = form.get('name')?.trim() ?? ''
  const found = await api.read(getFeedConsumer, consumerPath(name))
  if (found.ok) return success(pageOf(name, 'exists'))
  if (found.reason.code !== 'consumer_not_found') return found
  const body = { ...textFields(form, 'feed'), ...typesIn(form), start: textFields(form, 'at') }
  return await api.put(consumerPath(name), body).then(goingTo(pageOf(name, 'made')))
}

const adjust =
  (adjustment: 'pause' | 'resume' | 'test', done: string): Action =>
  (api, { id = '' }, form) =>
    act(api, `${consumerPath(id)}/${adjustment}`, {}, form).then(goingTo(pageOf(id, done)))

const move: Action = (api, { id = '' }, form) => {
  const start = {
    ...textFields(form, 'at'),
    ...textFields(form, 'time'),
    ...textFields(form, 'orderId'),
  }
  return act(api, `${consumerPath(id)}/seek`, start, form).then(goingTo(pageOf(id, 'moved')))
}

export const FEED_ACTIONS: Readonly<Record<string, Action>> = {
  '/console/feed/consumers': create,
  '/console/feed/consumers/:id/pause': adjust('pause', 'paused'),
  '/console/feed/consumers/:id/resume': adjust('resume', 'resumed'),
  '/console/feed/consumers/:id/test': adjust('test', 'tested'),
  '/console/feed/consumers/:id/move': move,
  '/console/feed/consumers/:id/types': (api, { id = '' }, form) =>
    api.put(consumerPath(id), typesIn(form)).then(goingTo(pageOf(id, 'changed'))),
  '/console/feed/consumers/:id/remove': (api, { id = '' }) =>
    api.remove(removeFeedConsumer, consumerPath(id)).then(goingTo('/console/feed?done=removed')),
  '/console/feed/orders/off': (api) =>
    api.remove(switchFeedOff, '/feed').then(goingTo('/console/feed?done=orders-off')),
  '/console/feed/products/off': (api) =>
    api.remove(switchProductFeedOff, '/feed/products').then(goingTo('/console/feed?done=products-off')),
}
