export type Mutant = {
  name: string
  file: string
  changes: readonly { from: string; to: string }[]
}

const mutant = (name: string, file: string, from: string, to: string): Mutant => ({
  name,
  file,
  changes: [{ from, to }],
})

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are texts of programs.

/** Small changes of meaning, each of which some world has to notice. */
export const MUTANTS: readonly Mutant[] = [
  mutant(
    'forget the tombstone of the stock',
    'src/inventory/stock.ts',
    "if (hold === undefined) return unchanged({ orderId, lines, state: 'released', releasedAt: now })",
    'if (hold === undefined) return unchanged(undefined)',
  ),
  mutant(
    'forget the tombstone of the payment',
    'src/payment/policy.ts',
    "return towards(payment ?? tombstone(event, now), 'return')",
    "return payment && towards(payment, 'return')",
  ),
  mutant(
    'settle on send',
    'src/order/saga.ts',
    "if (order.status === 'pending' || isSettled(order) || outstandingLegs(order).length > 0) return order",
    "if (order.status === 'pending' || isSettled(order)) return order",
  ),
  mutant(
    'resend never',
    'workers/order/upkeep.ts',
    '...(isSettled(order) ? [] : [resendAt(row, now, ports.host.chance)]),',
    '',
  ),
  mutant(
    'resend only after five minutes',
    'src/messaging/back-off.ts',
    'const RESEND_DELAYS_MS = [5_000, 10_000, 20_000] as const',
    'const RESEND_DELAYS_MS = [300_000, 300_000, 300_000] as const',
  ),
  mutant('swap release and commit', 'src/inventory/policy.ts', "kind: 'commit',", "kind: 'release',"),
  mutant(
    'one key at the bank for everything',
    'src/payment/steps.ts',
    '`${orderId}/${step.refundId === undefined ? step.operation : `refund-${step.refundId}`}/`',
    '`${orderId}/`',
  ),
  mutant(
    'another key at the bank with every try',
    'src/payment/steps.ts',
    'return faulted(payment, { ...step, unansweredAt: now }, now)',
    'return faulted(payment, { ...step, keyNumber: step.keyNumber + 1 }, now)',
  ),
  mutant(
    'take the next key without looking up',
    'src/payment/steps.ts',
    'return faulted(payment, { ...step, mustLookUp: true }, now)',
    'return faulted(payment, { ...step, keyNumber: step.keyNumber + 1 }, now)',
  ),
  {
    name: 'what was begun counts as not happened',
    file: 'src/payment/steps.ts',
    changes: [
      {
        from: "if (payment.goal !== 'return' || payment.step !== undefined) return payment",
        to: "if (payment.goal !== 'return') return payment",
      },
      {
        from: "changed({ ...payment, status: 'voided' }, now)",
        to: "changed({ ...withoutStep(payment), status: 'voided' }, now)",
      },
    ],
  },
  mutant('a lease never ends', 'src/payment/steps.ts', 'busyUntil: now + LEASE_MS', 'busyUntil: now + 1e15'),
  mutant(
    'note a product change before it is learned',
    'workers/order/responder.ts',
    'await ports.updateCatalogue(changes)',
    'void ports.updateCatalogue(changes).catch(() => {})',
  ),
  mutant(
    'resend a fact under a new id',
    'workers/inventory/stock-facts.ts',
    'if (isDue) host.publish(toSubscribers(fact.event))',
    'if (isDue) host.publish(toSubscribers({ ...fact.event, id: `${fact.event.id}/again` }))',
  ),
  mutant(
    'ignore the AND of the votes',
    'src/inventory/verdict.ts',
    "if (holds.some((hold) => hold.state === 'refused')) return 'rejected'",
    "if (holds.every((hold) => hold.state === 'refused')) return 'rejected'",
  ),
  mutant(
    'vote again after a restock',
    'src/inventory/stock.ts',
    'return hold === undefined ? reserve',
    "return hold === undefined || hold.state === 'refused' ? reserve",
  ),
  mutant(
    'a second release adds the stock again',
    'src/inventory/stock.ts',
    "if (hold.state === 'committed') {",
    "if (hold.state === 'committed' || hold.state === 'released') {",
  ),
  mutant(
    'the same product on two lines is checked line by line',
    'src/inventory/policy.ts',
    'return Array.from(quantities, ([productId, quantity]) => ({ productId, quantity }))',
    'return items.map(({ productId, quantity }) => ({ productId, quantity }))',
  ),
  mutant(
    'refund without checking what is left',
    'src/payment/refunds.ts',
    'if (amountMinor === undefined || amountMinor > left || left === 0)',
    'if (amountMinor === undefined || left === 0)',
  ),
  mutant(
    'refund without counting the refunds under way',
    'src/payment/payment.ts',
    ".filter((refund) => refund.state !== 'failed')",
    ".filter((refund) => refund.state === 'succeeded')",
  ),
  mutant(
    'a cancellation forgets to clear settledAt',
    'src/order/saga.ts',
    'const { settledAt: _cleared, overdueSince: _stale, ...rest } = order as Order & { settledAt?: Instant }',
    'const { overdueSince: _stale, ...rest } = order as Order & { settledAt?: Instant }',
  ),
  mutant(
    'drop the answers that come after the decision',
    'src/order/saga.ts',
    'if (!INVENTORY_NEXT[order.inventory.status].includes(status)) return order',
    "if (order.status === 'rejected' || !INVENTORY_NEXT[order.inventory.status].includes(status)) return order",
  ),
  mutant(
    'store the idempotency marker before the work',
    'workers/order/placing.ts',
    'if (!placement.ok) return placement',
    "remember(sql, request, { status: 202, body: null, subject: 'none' }, host.now())\n    if (!placement.ok) return placement",
  ),
  mutant(
    'an order that was placed counts against its own repetition',
    'workers/order/placing.ts',
    "if (recalled.kind !== 'new') return placedBefore(host, recalled)\n      if (!placement.ok)",
    "const early = placement.ok ? openOrders.refuse(placement.value, bounds, host.now()) : undefined\n      if (early) return refusal(early)\n      if (recalled.kind !== 'new') return placedBefore(host, recalled)\n      if (!placement.ok)",
  ),
  mutant(
    'all customers of a client share one bound',
    'workers/order/open-orders.ts',
    'client === null || customerId === undefined ? undefined : `${client}\\n${customerId}`',
    'client === null || customerId === undefined ? undefined : client',
  ),
  mutant(
    'an order counts before its turn has returned',
    'workers/order/open-orders.ts',
    'host.afterTurn(() => keepUp(before, order))',
    'keepUp(before, order)',
  ),
  mutant(
    'a repeated cancellation shows the order as it is by now',
    'src/order/cancellation-answer.ts',
    'return viewOrder(asOf(order, moment))',
    'return viewOrder(order)',
  ),
  mutant(
    'a repeated refund shows how far it has got',
    'workers/payment/refunding.ts',
    "return viewRefund(payment, { ...refund, state: 'pending' })",
    'return viewRefund(payment, refund)',
  ),
  mutant(
    'a repeated adjustment shows the level as it is by now',
    'workers/inventory/adjusting.ts',
    'level: levelThen(recalled.answer), isReplay: true',
    'level: viewLevel(loadProducts(sql, [productId]).get(productId) ?? (null as never)), isReplay: true',
  ),
  mutant(
    'a key is known until midnight',
    'src/messaging/idempotency.ts',
    'return [today - 1, today, today + 1]',
    'return [today, today, today + 1]',
  ),
  mutant(
    'the alarm forgets keys of yesterday',
    'src/messaging/idempotency.ts',
    'dayOf(now) - DAYS_KEPT + 1',
    'dayOf(now)',
  ),
  mutant(
    'publish a batch of events without claiming its key',
    'workers/order/foreign-orders.ts',
    "const claimed = await key.step('claim')",
    "const claimed = await key.step('recall')",
  ),
  mutant(
    'answer for a batch before all of it is placed',
    'workers/order/foreign-orders.ts',
    "const lateRefusals = await inEachPartition(ports.orders, requests, 'placeExternal')",
    "const lateRefusals = await inEachPartition(ports.orders, requests.slice(1), 'placeExternal')",
  ),
  mutant(
    'take any event for the order that has its id',
    'src/order/same-order.ts',
    'order.client === client &&',
    'order.client === client ||',
  ),
  mutant(
    'forget the client in the id of an order that brings its own',
    'src/order/external-id.ts',
    'JSON.stringify([client, externalId])',
    "JSON.stringify([client === '' ? client : null, externalId])",
  ),
  mutant(
    'find an order by what any client calls it',
    'workers/order/naming.ts',
    'if (owner !== undefined) {',
    "if (owner?.client === '') {",
  ),
  mutant(
    'list orders without the version guard',
    'workers/order/order-list.ts',
    'WHERE excluded.version > orders.version`',
    '`',
  ),
  mutant(
    'list payments without the revision guard',
    'workers/payment/payment-list.ts',
    'WHERE excluded.revision > payments.revision`',
    '`',
  ),
  mutant(
    'nobody notes a refund',
    'workers/order/order-partition.ts',
    'this.#host.publish(notesOf(facts, now))',
    '',
  ),
  mutant(
    'announce once and forget',
    'workers/order/announcer.ts',
    'return { ...row, announcing: { ids: owed, sends: 1, sentAt: now } }',
    'return row',
  ),
  mutant(
    'note an announcement before the webhooks have it',
    'workers/operations/responder.ts',
    'ports.accept(facts)',
    'ports.accept(facts).catch(() => [])',
  ),
  mutant(
    'an address that answers anything has taken it',
    'src/operations/delivery.ts',
    "'status' in outcome && outcome.status >= 200 && outcome.status < 300",
    "'status' in outcome",
  ),
  mutant(
    'a try that nobody heard of is held against the address',
    'src/operations/delivery.ts',
    'unheard: delivery.unheard + 1, queued: 0 }',
    'failures: delivery.failures + 1, unheard: delivery.unheard + 1, queued: 0 }',
  ),
  mutant(
    'a delivery is put on the queue once',
    'workers/operations/webhook-dispatch.ts',
    'this.send(target, queued, { isUrgent: false })',
    'this.send(target, { ...queued, queued: 0 }, { isUrgent: false })',
  ),
  mutant(
    'the alarm that rang counts as set',
    'src/cloudflare/partition-host.ts',
    'fired: () => {\n      ringsAt = undefined\n    },',
    'fired: () => {},',
  ),
  mutant(
    'park what its owner sends again',
    'src/messaging/consume.ts',
    'if (event === undefined || isOwed(event)) return outcome',
    'if (event === undefined) return outcome',
  ),
  mutant(
    'publish again only hours later to who was away',
    'src/messaging/back-off.ts',
    'const RESEND_DELAY_MS_MAX = 600_000',
    'const RESEND_DELAY_MS_MAX = 36_000_000',
  ),
  mutant(
    'ask one service after the other',
    'workers/order/outgoing.ts',
    'return legs.map((to) => ({ to, event }))',
    'return legs.slice(0, 1).map((to) => ({ to, event }))',
  ),
  mutant(
    'park what a passing fault made fail',
    'src/messaging/consume.ts',
    "const outcome: Outcome = { kind: 'retry', error: String(error) }",
    "const outcome: Outcome = { kind: 'park', reason: 'failed', error: String(error) }",
  ),
  mutant(
    'acknowledge what could not be parked',
    'src/messaging/consume.ts',
    "for (const entry of parked) entry.outcome = { kind: 'retry', error: `could not park: ${error}` }",
    'void error',
  ),
  mutant(
    'nobody rouses a partition that lost its alarm',
    'src/cloudflare/rouse.ts',
    'rouse().then(',
    'Promise.resolve(rouse).then(',
  ),
  mutant(
    'an alarm that is long over still counts as set',
    'src/cloudflare/partition-host.ts',
    ' && ringsAt > Date.now() - ALARM_LATE_MS_MAX',
    '',
  ),
  mutant(
    'a rejection is answered while stock is still held',
    'src/inventory/verdict.ts',
    "return hasEnded ? holds.filter((hold) => hold.state === 'reserved' || hold.state === 'committed') : []",
    'return []',
  ),
  mutant(
    'publish before the turn has returned',
    'src/messaging/turn.ts',
    'publish: (outgoing) => void effects().outgoing.push(...outgoing)',
    'publish: (outgoing) => outside.publish(outgoing)',
  ),
  mutant('a turn is no transaction', 'src/messaging/turn.ts', 'value = transact(work)', 'value = work()'),
  mutant(
    'what fails in a turn for many is kept in part',
    'src/messaging/turn.ts',
    'return success(host.turn(work))',
    'return success(work())',
  ),
  mutant(
    'a turn stores what is due and sets no alarm',
    'src/messaging/turn.ts',
    'if (wakeAt < Number.POSITIVE_INFINITY) wakeBy(wakeAt)',
    '',
  ),
  mutant(
    'a command that was undone counts as nothing to commit',
    'workers/inventory/responder.ts',
    'if (hold !== undefined) return { hold }',
    'return { hold: hold ?? null }',
  ),
  mutant(
    'an event that the webhooks could not store is acknowledged',
    'workers/operations/responder.ts',
    'const refused = new Set(refusedIds)',
    'const refused = new Set<string>()',
  ),
  mutant(
    'a call that the bank could not enter counts as done',
    'workers/payment/gateways/simulated-bank.ts',
    "answer: { kind: 'unknown', detail },",
    "answer: { kind: 'succeeded', reference: detail },",
  ),
  mutant(
    'a dead letter is known by its id alone',
    'workers/operations/keep-letters.ts',
    'canonicalJson([consumer, source ?? null, eventId])',
    'canonicalJson([consumer, eventId])',
  ),
  mutant(
    'the newest variant of an event takes the place of the first',
    'workers/operations/keep-letters.ts',
    "const IS_SECOND = '(first_event IS NULL AND excluded.content IS NOT content)'",
    "const IS_SECOND = '(FALSE)'",
  ),
  mutant(
    'what was discarded stays so, whatever comes',
    'workers/operations/keep-letters.ts',
    "status = CASE WHEN status = 'discarded' AND ${IS_READ} THEN status",
    "status = CASE WHEN status = 'discarded' THEN status",
  ),
  mutant(
    'what came while a letter was being discarded is discarded too',
    'workers/operations/dead-letters.ts',
    "status = CASE WHEN content IS NOT ?4 AND event IS NOT ?5 THEN 'open' ELSE ?1 END,",
    'status = ?1,',
  ),
  mutant(
    'a webhook is enabled before the order service knows what it wants',
    'workers/operations/webhook-registry.ts',
    'const kept = isMore && revision !== undefined ? { ...webhook, pendingRevision: revision } : webhook',
    'const kept = webhook',
  ),
  mutant(
    'note what webhooks want before the partitions have it',
    'workers/order/responder.ts',
    'await ports.want({ revision: latest.revision, types: latest.data.types })',
    'void ports.want({ revision: latest.revision, types: latest.data.types }).catch(() => {})',
  ),
  mutant(
    'a note of what was wanted before enables a webhook',
    'src/operations/webhook.ts',
    'return pendingRevision === undefined || pendingRevision > revision ? webhook : rest',
    'return pendingRevision === undefined ? webhook : rest',
  ),
]
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: these are texts of programs.
