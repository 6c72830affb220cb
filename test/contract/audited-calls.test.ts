import { expect, it } from 'vitest'
import { API } from '../../src/contracts/http/api.ts'
import type { Operation } from '../../src/contracts/http/operation.ts'
import { AUDITED } from '../../workers/order/edge/audit-log/audited-calls.ts'

/** Changing calls that are not in the list, with the reason. */
const NOT_AUDITED: Record<string, string> = {
  placeOrder: 'the order is its own record',
  publishEvents: 'each order in it is its own record',
  receiveStripeEvent: 'no person does it: the bank posts, and the log has a line for each event',
  testWebhook: 'it changes nothing',
  leaseFeedConsumer: 'no person does it: a bridge works, and the consumer shows its holder',
  commitFeedConsumer: 'no person does it: a bridge works, and the consumer shows how far it is',
  testFeedConsumer: 'it changes nothing: a page is delivered once more',
  redriveDeadLetter: 'the operations Worker logs it in the commit of its effect',
  redriveDeadLetters: 'the operations Worker logs it in the commit of its effect',
  discardDeadLetters: 'the operations Worker logs it in the commit of its effect',
  discardDeadLetter: 'the operations Worker logs it in the commit of its effect',
}

it('every call that changes something is in AUDITED, or says here why it is not logged', () => {
  const changing = (Object.values(API).flat() as Operation[]).filter(({ route }) => route.method !== 'get')
  const logged = AUDITED.map(({ call }) => call.route.operationId)
  expect([...logged, ...Object.keys(NOT_AUDITED)].toSorted()).toEqual(
    changing.map(({ route }) => route.operationId).toSorted(),
  )
})
