export type Mutant = {
  name: string
  file: string
  changes: readonly { from: string; to: string }[]
  /** Given where only worlds with this bank run what is changed. */
  bank?: 'stripe'
}

const mutant = (name: string, file: string, from: string, to: string): Mutant => ({
  name,
  file,
  changes: [{ from, to }],
})

const stripeMutant = (...change: Parameters<typeof mutant>): Mutant => ({
  ...mutant(...change),
  bank: 'stripe',
})

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are texts of programs.

/** Small changes of meaning. Some world must notice each of them. */
export const MUTANTS: readonly Mutant[] = [
  mutant(
    'forget the tombstone of the stock',
    'src/inventory/stock.ts',
    "if (reservation === undefined) return unchanged({ orderId, lines, state: 'released', releasedAt: now })",
    'if (reservation === undefined) return unchanged(undefined)',
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
    'src/order/partition/alarm-work.ts',
    '...(isSettled(order) ? [] : [resendAt(row, now, host.chance)]),',
    '',
  ),
  mutant(
    'resend only after five minutes',
    'src/messaging/redelivery.ts',
    'const RESEND_DELAYS_MS = [5_000, 10_000, 20_000] as const',
    'const RESEND_DELAYS_MS = [300_000, 300_000, 300_000] as const',
  ),
  mutant('swap release and commit', 'src/inventory/policy.ts', "kind: 'commit',", "kind: 'release',"),
  mutant(
    'one key at the bank for everything',
    'src/payment/step-keys.ts',
    '`${orderId}/${step.refundId === undefined ? step.operation : `refund-${step.refundId}`}/`',
    '`${orderId}/`',
  ),
  mutant(
    'another key at the bank with every attempt',
    'src/payment/steps.ts',
    'return faulted(payment, { ...step, unansweredAt: now }, now)',
    'return faulted(payment, { ...step, keyNumber: step.keyNumber + 1 }, now)',
  ),
  mutant(
    'take the next key without looking up',
    'src/payment/steps.ts',
    '{ ...step, mustLookUp: true, ...(result.mayShowLate && { unansweredAt: now }) },',
    '{ ...step, keyNumber: step.keyNumber + 1 },',
  ),
  {
    name: 'a step that was begun counts as not done',
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
    'acknowledge a product change before it is stored',
    'src/order/responder.ts',
    'await ports.updateCatalogue(changes)',
    'void ports.updateCatalogue(changes).catch(() => {})',
  ),
  mutant(
    'resend a fact under a new id',
    'src/inventory/partition/stock-facts.ts',
    '(isNoted ? [] : toSubscribers(event))',
    '(isNoted ? [] : toSubscribers({ ...event, id: `${event.id}/again` }))',
  ),
  mutant(
    'lose the reservation that shares a row of the ledger',
    'src/inventory/movements.ts',
    '(movement.kind === closing.kind ? { ...movement, reservedAt } : movement)',
    'movement',
  ),
  mutant(
    'give no reservation a due time',
    'src/inventory/partition/stock-partition.ts',
    'if (dueAt === null && this.#recent.covers(reservation.orderId)) return null',
    'if (dueAt === null) return null',
  ),
  mutant(
    'end a look although the ledger was not written',
    'src/inventory/partition/alarm-work.ts',
    'if (!isListed) return host.wakeBy(',
    'if (!isListed) recent.endLook()\n      if (!isListed) return host.wakeBy(',
  ),
  mutant(
    'forget recent reservations when a stock partition starts',
    'src/inventory/partition/stock-partition.ts',
    'dueTimes: () => [earliestDue(ports.host.sql), this.#recent.nextLookAt(), this.#departed.dueAt()],',
    'dueTimes: () => [earliestDue(ports.host.sql), this.#departed.dueAt()],',
  ),
  mutant(
    'ignore the AND of the votes',
    'src/inventory/verdict.ts',
    "if (reservations.some((reservation) => reservation.state === 'refused')) return 'rejected'",
    "if (reservations.every((reservation) => reservation.state === 'refused')) return 'rejected'",
  ),
  mutant(
    'vote again after a restock',
    'src/inventory/stock.ts',
    'return reservation === undefined ? reserve',
    "return reservation === undefined || reservation.state === 'refused' ? reserve",
  ),
  mutant(
    'a second release adds the stock again',
    'src/inventory/stock.ts',
    "if (reservation.state === 'committed') {",
    "if (reservation.state === 'committed' || reservation.state === 'released') {",
  ),
  mutant(
    'the same product on two lines is checked line by line',
    'src/inventory/policy.ts',
    'return Array.from(quantities, ([productId, quantity]) => ({ productId, quantity }))',
    'return items.map(({ productId, quantity }) => ({ productId, quantity }))',
  ),
  mutant(
    'refund without checking the rest of the payment',
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
    'drop the reports that come after the decision',
    'src/order/saga.ts',
    'if (!INVENTORY_NEXT[order.inventory.status].includes(status)) return order',
    "if (order.status === 'rejected' || !INVENTORY_NEXT[order.inventory.status].includes(status)) return order",
  ),
  mutant(
    'store the idempotency marker before the work',
    'src/messaging/idempotent-work.ts',
    'const admitted = own.admit()\n  if',
    "remember(sql, request, { status: 202, body: null, subject: 'none' }, at)\n  const admitted = own.admit()\n  if",
  ),
  mutant(
    'an order that was placed counts against its own repetition',
    'src/order/partition/placement.ts',
    '    workOnce<Placed, Unplaced, PlaceRefusal>(host, {',
    '    (placement.ok && [openOrders.refuse(placement.value, bounds, host.now())].filter(Boolean).map(refusal)[0]) || workOnce(host, {',
  ),
  mutant(
    'what a placement wrote stays although it failed',
    'src/order/partition/placement.ts',
    'attempt(host, aboutOf(request), () => placeOnce(request))',
    'host.turn(() => { try { return success(placeOnce(request)) } catch (error) { return refusal(String(error)) } })',
  ),
  mutant(
    'a placement that failed shifts the replies of the others',
    'src/messaging/shared-calls.ts',
    'const own = replies[index] ??',
    'const own = replies.filter((each) => each.ok)[index] ?? replies[index] ??',
  ),
  mutant(
    'all customers of a client share one bound',
    'src/order/partition/open-orders.ts',
    ': `${client}\\n${customerId}`',
    ': client',
  ),
  mutant(
    'a full partition takes a new order',
    'src/order/partition/placement.ts',
    'if (moveTo === undefined || !placement.ok || !isFull()) return false',
    'return false',
  ),
  mutant(
    'a full partition forgets where a key has moved to',
    'src/messaging/idempotency.ts',
    'remember(sql, request, { status: MOVED, body: null, subject: to }, now)\n',
    '\n',
  ),
  mutant(
    'a repeated request does not go where its key has moved from a full partition',
    'src/order/placing-with-room.ts',
    'at = movedToOf(reply)\n',
    'at = moveTo\n',
  ),
  mutant(
    'an order that has moved keeps the id of the full partition',
    'src/order/placing-with-room.ts',
    'orderId: newOrderId(label, parts.ulid)',
    'orderId: value.orderId',
  ),
  mutant(
    'an order counts before its turn has returned',
    'src/order/partition/open-orders.ts',
    'host.afterTurn(() => update(before, order))',
    'update(before, order)',
  ),
  mutant(
    'a repeated cancellation shows the order as it is now',
    'src/order/cancellation-answer.ts',
    'return viewOrder(asOf(order, moment))',
    'return viewOrder(order)',
  ),
  mutant(
    'a repeated refund shows how far it has got',
    'src/payment/partition/refund-request.ts',
    "return viewRefund(payment, { ...refund, state: 'pending' })",
    'return viewRefund(payment, refund)',
  ),
  mutant(
    'a repeated adjustment shows the level as it is now',
    'src/inventory/partition/adjustment.ts',
    '({ level: levelThen(stored) })',
    '({ level: viewLevel(loadProducts(sql, [stored.subject]).get(stored.subject) ?? (null as never)) })',
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
    'workers/order/external-orders.ts',
    "const claimed = await key.step('claim')",
    "const claimed = await key.step('recall')",
  ),
  mutant(
    'respond to a batch before all of it is placed',
    'workers/order/external-orders.ts',
    "const lateRefusals = await inEachPartition(ports, requests, 'placeExternal')",
    "const lateRefusals = await inEachPartition(ports, requests.slice(1), 'placeExternal')",
  ),
  mutant(
    'take any event with the id of an order for that order',
    'src/order/same-order.ts',
    'order.client === client &&',
    'order.client === client ||',
  ),
  mutant(
    'leave the client out of the id of an external order',
    'src/order/external-id.ts',
    'JSON.stringify([client, externalId])',
    "JSON.stringify([client === '' ? client : null, externalId])",
  ),
  mutant(
    'find an order by the external id of any client',
    'src/order/partition/external-id-lookup.ts',
    'if (owner !== undefined) {',
    "if (owner?.client === '') {",
  ),
  mutant(
    'list orders without the version guard',
    'workers/order/order-list.ts',
    'WHERE excluded.version > listed_orders.version`',
    '`',
  ),
  mutant(
    'list payments without the revision guard',
    'workers/payment/payment-list.ts',
    'WHERE excluded.revision > listed_payments.revision`',
    '`',
  ),
  mutant(
    'acknowledge no refund',
    'src/order/partition/leg-reports.ts',
    'host.publish(acknowledgementsOf(facts, now))',
    '',
  ),
  mutant(
    'announce once and forget',
    'src/order/partition/webhook-announcements.ts',
    'return { ...row, announcing: { ids: outstanding, ...sentOnce(now) } }',
    'return row',
  ),
  mutant(
    'acknowledge an announcement before the webhooks have it',
    'src/operations/responder.ts',
    'ports.accept(facts)',
    'ports.accept(facts).catch(() => [])',
  ),
  mutant(
    'any response of an address counts as taken',
    'src/operations/attempt-outcome.ts',
    "'status' in outcome && outcome.status >= 200 && outcome.status < 300",
    "'status' in outcome",
  ),
  mutant(
    'an attempt without a known outcome counts as a failure of the address',
    'src/operations/delivery-progress.ts',
    'unheard: delivery.unheard + 1, queued: 0 }',
    'failures: delivery.failures + 1, unheard: delivery.unheard + 1, queued: 0 }',
  ),
  mutant(
    'a delivery is put on the queue once',
    'src/operations/partition/webhook-dispatch.ts',
    'this.send(target, queued, { isUrgent: false })',
    'this.send(target, { ...queued, queued: 0 }, { isUrgent: false })',
  ),
  mutant(
    'the alarm that rang counts as set',
    'src/cloudflare/partition-host.ts',
    '      rangAt = ringsAt\n      ringsAt = undefined\n',
    '',
  ),
  mutant(
    'park an event that its publisher sends again',
    'src/messaging/consume.ts',
    'if (event === undefined || isRedelivered(event)) return outcome',
    'if (event === undefined) return outcome',
  ),
  mutant(
    'publish again only hours after a service was away',
    'src/messaging/redelivery.ts',
    'const RESEND_DELAY_MS_MAX = 600_000',
    'const RESEND_DELAY_MS_MAX = 36_000_000',
  ),
  mutant(
    'publish to one service after the other',
    'src/order/partition/outstanding-events.ts',
    'return legs.map((to) => ({ to, event }))',
    'return legs.slice(0, 1).map((to) => ({ to, event }))',
  ),
  mutant(
    'park an event after a transient fault',
    'src/messaging/consume.ts',
    "const outcome: Outcome = { kind: 'retry', error: String(error) }",
    "const outcome: Outcome = { kind: 'park', reason: 'failed', error: String(error) }",
  ),
  mutant(
    'acknowledge a message that could not be parked',
    'src/messaging/consume.ts',
    "for (const entry of parked) entry.outcome = { kind: 'retry', error: `could not park: ${error}` }",
    'void error',
  ),
  mutant(
    'rearm no partition that lost its alarm',
    'src/cloudflare/rearm.ts',
    'rearm().then(',
    'Promise.resolve(rearm).then(',
  ),
  mutant(
    'an alarm whose time is long past still counts as set',
    'src/cloudflare/partition-host.ts',
    ' && ringsAt > Date.now() - ALARM_LATE_MS_MAX',
    '',
  ),
  mutant(
    'report a rejection while stock is still reserved',
    'src/inventory/verdict.ts',
    'return hasEnded ? reservations.filter(isStanding) : []',
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
    'a part that fails in a turn for many is kept',
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
    'src/inventory/responder.ts',
    'if (reply !== undefined) return { reservation: reply }',
    'return { reservation: reply ?? null }',
  ),
  mutant(
    'an event that the webhooks could not store is acknowledged',
    'src/operations/responder.ts',
    'const refused = new Set(refusedIds)',
    'const refused = new Set<string>()',
  ),
  mutant(
    'a call that the bank could not store counts as done',
    'workers/payment/gateways/simulated-bank.ts',
    "answer: { kind: 'unknown', detail },",
    "answer: { kind: 'succeeded', reference: detail },",
  ),
  mutant(
    'a dead letter is known by its id alone',
    'workers/operations/dead-letters/letter-storage.ts',
    'canonicalJson([consumer, source ?? null, eventId])',
    'canonicalJson([consumer, eventId])',
  ),
  mutant(
    'the newest variant of an event takes the place of the first',
    'workers/operations/dead-letters/letter-storage.ts',
    "const IS_SECOND = '(first_event IS NULL AND excluded.content IS NOT content)'",
    "const IS_SECOND = '(FALSE)'",
  ),
  mutant(
    'a discarded letter stays discarded when another variant comes',
    'workers/operations/dead-letters/letter-storage.ts',
    "status = CASE WHEN status = 'discarded' AND ${IS_READ} THEN status",
    "status = CASE WHEN status = 'discarded' THEN status",
  ),
  mutant(
    'a variant that comes during a discard is discarded too',
    'workers/operations/dead-letters/letter-table.ts',
    "status = CASE WHEN content IS NOT ?4 AND event IS NOT ?5 THEN 'open' ELSE ?1 END,",
    'status = ?1,',
  ),
  mutant(
    'a webhook is enabled before the order service knows its types',
    'src/operations/partition/webhook-changes.ts',
    'const stored = isMore && revision !== undefined ? { ...webhook, pendingRevision: revision } : webhook',
    'const stored = webhook',
  ),
  mutant(
    'acknowledge the wanted types before the partitions have them',
    'src/order/responder.ts',
    'await ports.setWantedTypes({ revision: latest.revision, types: latest.data.types })',
    'void ports.setWantedTypes({ revision: latest.revision, types: latest.data.types }).catch(() => {})',
  ),
  mutant(
    'an acknowledgement of earlier types enables a webhook',
    'src/operations/webhook.ts',
    'return pendingRevision === undefined || pendingRevision > revision ? webhook : rest',
    'return pendingRevision === undefined ? webhook : rest',
  ),
  mutant(
    'keep the token of a payment that was captured',
    'src/payment/payment.ts',
    '...withoutUsedToken(payment),',
    '...payment,',
  ),
  mutant(
    'keep the token of an order that was settled',
    'src/order/payment-token.ts',
    'if (order.paymentToken === undefined || !isTokenUsed(order) || lacksHash(order)) return order',
    'if (order !== undefined) return order',
  ),
  mutant(
    'hash no token of an external order',
    'workers/order/external-orders.ts',
    '...(paymentTokenHash !== undefined && { paymentTokenHash }),',
    '',
  ),
  mutant(
    'keep the token of a letter that is discarded',
    'workers/operations/dead-letters/letter-table.ts',
    'event ELSE ?6 END,',
    'event ELSE event END,',
  ),
  mutant(
    'take a token back into a discarded letter',
    'workers/operations/dead-letters/letter-storage.ts',
    'CASE WHEN ${STAYS_DISCARDED} OR excluded.content IS first_content THEN event',
    'CASE WHEN excluded.content IS first_content THEN event',
  ),
  mutant(
    'an event does not find its order again once the token was erased',
    'src/order/payment-token.ts',
    'return comparable.length === 0 || comparable.includes(paymentTokenHash)',
    'return false',
  ),
  mutant(
    'a recent row that is still open at its look is forgotten',
    'src/order/partition/alarm-work.ts',
    'if (worked === row && dueAt === null && row.storedDueAt === null) return',
    'if (worked === row && row.storedDueAt === null) return',
  ),
  mutant(
    'a row counts as recent after its time was looked at',
    'src/messaging/recent-rows.ts',
    'if (watermark === undefined || orderId <= watermark) return false',
    'if (watermark === undefined) return false',
  ),
  mutant(
    'a row counts as recent while its time is being looked at',
    'src/messaging/recent-rows.ts',
    'looking.get(prefix) ?? watermarks.get(prefix) ?? stored(prefix)',
    'watermarks.get(prefix) ?? stored(prefix)',
  ),
  mutant(
    'an authorization under way is not stored before the bank is called',
    'src/payment/partition/payment-rows.ts',
    '    storePayment(sql, row)\n',
    `    const { step, ...withoutStep } = row.payment
    if (step?.operation === 'authorize') {
      storePayment(sql, { ...row, payment: withoutStep })
      host.afterTurn(() => held.set(orderId, row.payment))
      return
    }
    storePayment(sql, row)\n`,
  ),
  mutant(
    'a held authorization stays in memory after it was stored',
    'src/payment/partition/payment-rows.ts',
    'if (held.has(orderId)) host.afterTurn(() => held.delete(orderId))',
    '',
  ),
  mutant(
    'a recent payment that is still open at its look is forgotten',
    'src/payment/partition/alarm-work.ts',
    'if (resent === row && dueAt === null && row.storedDueAt === null) return',
    'if (resent === row && row.storedDueAt === null) return',
  ),
  mutant(
    'a position is taken after the commit',
    'src/order/partition/order-writes.ts',
    'const update = (row: OrderRow): void => updateOrder(sql, row, fed(row))',
    `const update = (row: OrderRow): void => {
    const positions = fed(row)
    updateOrder(sql, row)
    if (positions) setTimeout(() => updateOrder(sql, row, positions), 5)
  }`,
  ),
  mutant(
    'a reader of the feed skips a partition',
    'src/messaging/feed-reader.ts',
    'events.push(...reply.value.events.filter(',
    'if (index === 0) events.push(...reply.value.events.filter(',
  ),
  mutant(
    'a reader of the feed that has not caught up counts as one that has',
    'src/order/partition/feed-pages.ts',
    'place: { ...place, read: reached, within }',
    'place: { ...place, known: reached, read: reached, within }',
  ),
  mutant(
    'what changes while the stored orders are read is not read again',
    'src/order/partition/feed-pages.ts',
    'known: began, read: began, within: 0',
    'known: lastPosition(sql), read: lastPosition(sql), within: 0',
  ),
  mutant(
    'a cursor is taken while the feed is off',
    'src/messaging/feed-switch.ts',
    'place.epoch === epoch && (',
    '(epoch === undefined || place.epoch === epoch) && (',
  ),
  mutant(
    'a bridge commits before its page is confirmed',
    'src/bridge/run-bridge.ts',
    `if (items.length > 0) await sink.deliver(items)
  await source.commit()`,
    `await source.commit()
  if (items.length > 0) await sink.deliver(items)`,
  ),
  mutant(
    'a bridge sends the events of an order at once',
    'src/bridge/rounds.ts',
    'roundsOfKey.set(key, round + 1)',
    'roundsOfKey.set(key, round)',
  ),
  mutant('a bridge keeps a lease that was refused', 'src/bridge/feed-source.ts', 'lease = undefined', ''),
  mutant(
    'a holder commits under the lease of another',
    'src/order/feed-consumer.ts',
    `if (consumer.lease?.token !== token) return refusal('lease_lost')
  return success({ ...consumer, lease: renewed(consumer.lease, now), cursor`,
    `if (consumer.lease === undefined) return refusal('lease_lost')
  return success({ ...consumer, lease: renewed(consumer.lease, now), cursor`,
  ),
  mutant(
    'a seek leaves the lease',
    'src/order/feed-consumer.ts',
    '({ lease: _, ...consumer }: FeedConsumer, cursor',
    '(consumer: FeedConsumer, cursor',
  ),
  mutant(
    'a consumer begins with what is new in the last partition',
    'src/order/consumer-lag.ts',
    'placeAt(label, start(label), newEpoch)',
    "placeAt(label, label === labels.at(-1) ? 'now' : start(label), newEpoch)",
  ),
  mutant(
    'a consumer of the products begins with what is new in the last partition',
    'src/inventory/product-consumers.ts',
    'placeAt(label, start, newEpoch)',
    "placeAt(label, label === labels.at(-1) ? 'now' : start, newEpoch)",
  ),
  mutant(
    'the position of a product is taken after the commit',
    'src/inventory/partition/stock-partition.ts',
    'storeProduct(this.#host.sql, changed, this.feed.takePosition())',
    `storeProduct(this.#host.sql, changed)
    const take = () =>
      this.#host.sql(
        'UPDATE products SET position = coalesce(?, position) WHERE product_id = ?',
        this.feed.takePosition()?.position ?? null,
        row.productId,
      )
    setTimeout(() => this.#host.turn(take), 50)`,
  ),
  mutant(
    'a product with another price takes no position',
    'src/inventory/partition/stock-partition.ts',
    '...product }, this.feed.takePosition())',
    '...product })',
  ),
  mutant(
    'a cursor of the products has one place for all partitions',
    'src/inventory/product-feed.ts',
    'export const encodeProductCursor: (cursor: ProductCursor) => string = texts.encode',
    `export const encodeProductCursor = ({ places, ...rest }: ProductCursor) => {
      const [first] = places.values()
      return texts.encode({ ...rest, places: new Map(Array.from(places, ([label, own]) => [label, first ?? own])) })
    }`,
  ),
  mutant(
    'what changes while all products are read is not read again',
    'src/inventory/partition/product-feed.ts',
    'epoch, read: began }',
    'epoch, read: lastProductPosition(sql) }',
  ),
  stripeMutant(
    'another key at Stripe with every refund call',
    'workers/payment/gateways/stripe/stripe-bank.ts',
    `[METADATA.refundKey]: call.idempotencyKey },
    },
    { idempotencyKey: call.idempotencyKey },`,
    `[METADATA.refundKey]: call.idempotencyKey },
    },
    { idempotencyKey: call.idempotencyKey + Date.now() },`,
  ),
  stripeMutant(
    'an intent at Stripe is confirmed before its id is stored',
    'workers/payment/gateways/stripe/stripe-bank.ts',
    "return { kind: 'opened', reference: intentSchema.parse(made).id }",
    'return await confirm(stripe, call, intentSchema.parse(made).id)',
  ),
  stripeMutant(
    'an intent at Stripe that waits for the customer stays open',
    'workers/payment/gateways/stripe/stripe-bank.ts',
    'return await giveUp(stripe, call, intentId)',
    "return { kind: 'declined', ...AUTHENTICATION_REQUIRED }",
  ),
  stripeMutant(
    'a look-up at Stripe reads no refunds',
    'workers/payment/gateways/stripe/stripe-bank.ts',
    'recordsOf(question, intent, refunds)',
    'recordsOf(question, intent, [])',
  ),
  stripeMutant(
    'a key that is in use at Stripe counts as declined',
    'src/payment/stripe/results.ts',
    '[401, 403, 409, 429]',
    '[401, 403, 429]',
  ),
  stripeMutant(
    'a fault of Stripe counts as declined',
    'src/payment/stripe/results.ts',
    "if (status >= 500 || fault.rawType === 'idempotency_error') return faultOf(call, detail)",
    '',
  ),
  stripeMutant(
    'an intent that Stripe has canceled cannot be voided',
    'src/payment/stripe/results.ts',
    "return intent.status === 'canceled' ? done : inOtherState(intent)",
    'return inOtherState(intent)',
  ),
  stripeMutant(
    'a refund that the books of Stripe do not show yet has failed',
    'src/payment/bank-news.ts',
    'isMissing && payment.refunds.some((refund) => hasFailed(refund, payment, records))',
    'isMissing',
  ),
  mutant(
    'an authorization without a decision lapses',
    'src/payment/release.ts',
    'createdAt + AUTHORIZATION_LIFE_MS - RELEASE_MARGIN_MS',
    'createdAt + AUTHORIZATION_LIFE_MS + RELEASE_MARGIN_MS',
  ),
  mutant(
    'no Worker is asked to void a released authorization',
    'src/payment/release.ts',
    'refusal?.code === RELEASED.code &&',
    'false &&',
  ),
  stripeMutant(
    'an authorization without a decision lapses at Stripe',
    'src/payment/release.ts',
    'createdAt + AUTHORIZATION_LIFE_MS - RELEASE_MARGIN_MS',
    'createdAt + AUTHORIZATION_LIFE_MS + RELEASE_MARGIN_MS',
  ),
  mutant(
    'an erased order keeps what its client called it',
    'src/order/personal-data.ts',
    'const { reference: _reference, metadata: _metadata, ...rest } = order',
    'const { metadata: _metadata, ...rest } = order',
  ),
  mutant(
    'the list keeps the customer of an erased order',
    'src/order/personal-data.ts',
    '{ ...rest, version: order.version + 1, customerId: ERASED }',
    '{ ...rest, customerId: ERASED }',
  ),
  mutant(
    'an erasure takes the lines of an order too',
    'src/order/personal-data.ts',
    'return withoutWords({ ...rest,',
    'return withoutWords({ ...rest, lines: [],',
  ),
  mutant(
    'a late event begins the payment of an order that has left',
    'src/payment/partition/departed-payments.ts',
    'const late = [...events.entries()].filter(([, event]) => isLate(departures, event))',
    'const late = [...events.entries()].filter(() => false)',
  ),
  mutant(
    'a late event reserves the stock of an order that has left',
    'src/inventory/partition/departed-reservations.ts',
    'if (!departures.isLate(command.at)) return undefined',
    'return undefined',
  ),
  mutant(
    'the time of what has left is forgotten at a restart',
    'src/messaging/row-departures.ts',
    'let before = loadBefore(sql)',
    'let before = Number.NEGATIVE_INFINITY',
  ),
  mutant(
    'an event without a row always counts as late once orders have left',
    'src/messaging/row-departures.ts',
    'eventAt !== undefined && eventAt < before',
    'eventAt !== undefined && before > 0',
  ),
  mutant(
    'a payment leaves with a refund under way',
    'src/payment/partition/departed-payments.ts',
    `  dueAt === null &&
  payment.changedAt < before &&
  !isWaiting(payment) &&
  outstanding(payment).length === 0 &&
  begin(payment, now).directive.kind === 'rest'`,
    '  payment.createdAt < before && dueAt !== now',
  ),
  mutant(
    'what had to stay is forgotten',
    'src/messaging/row-departures.ts',
    'if (open.staying.length === 0 && open.listed.length === 0) {',
    'if (open.listed.length === 0) {',
  ),
  mutant(
    'the lists keep what has left',
    'src/messaging/row-departures.ts',
    'if (open.staying.length === 0 && open.listed.length === 0) {',
    'if (open.staying.length === 0) {',
  ),
  mutant(
    'the stock that has left is in no sum',
    'src/inventory/partition/departed-reservations.ts',
    'addToDepartedSums(sql, leaving)',
    '',
  ),
  mutant(
    'the money that has left is in no sum',
    'src/payment/partition/departed-payments.ts',
    'addToDepartedSums(sql, payments)',
    '',
  ),
  mutant(
    'an order leaves before the archive has it',
    'src/order/partition/portion-steps.ts',
    'await retention.archive.put(archiveNameOf(label, place), toArchiveText(orders))',
    'retention.archive.put(archiveNameOf(label, place), toArchiveText(orders)).catch(() => {})',
  ),
  mutant(
    'legs hear of a departure before their orders have left',
    'src/order/partition/portion-steps.ts',
    'const orders = ready(await limitsNow()).map(orderOf)',
    `const orders = ready(await limitsNow()).map(orderOf)
    host.turn(() => void tellLegs(host, { place, work: { ...work, stage: 'left', listed: [] } }))`,
  ),
  mutant(
    'the external id of an order that has left is forgotten',
    'src/order/partition/portion-steps.ts',
    'for (const order of orders) insertMarkOf(sql, order, place.portion)',
    '',
  ),
  mutant(
    'a late report about an order that has left is about a new order',
    'src/order/partition/leg-reports.ts',
    'if (stored === undefined && archived.hasLeft(orderId)) {',
    'if (stored === undefined && false) {',
  ),
  mutant(
    'a consumer of the feed holds no order back',
    'src/order/partition/departures.ts',
    'heldAfter: heldBack?.after',
    'heldAfter: undefined',
  ),
  mutant(
    'a reader of the feed is not told that orders have left',
    'src/order/partition/order-feed.ts',
    "return misses(place) ? 'orders_left' : undefined",
    'return undefined',
  ),
  mutant(
    'orders leave on the day on which they are settled',
    'src/order/retention.ts',
    '(dayOf(now) - retentionDays) * DAY_MS',
    '(dayOf(now) + 1) * DAY_MS',
  ),
  mutant(
    'the list of orders keeps what has left',
    'src/order/partition/portion-steps.ts',
    'await retention.unlist(work.listed)',
    '',
  ),
  mutant(
    'legs are told of a departure once',
    'src/order/partition/portion-steps.ts',
    'return host.turn(() => storePortion(sql, ...tellLegsAgain(host, { place, work })))',
    'return host.turn(() => later({ place, work }, RETRY_MS))',
  ),
  mutant(
    'a replay sends the legs of an order under way what they may not know',
    'src/order/replay.ts',
    'const isKnownToLegs: Check = (order, event) => isSettled(order) || event.id === decisionEvent(order).id',
    'const isKnownToLegs: Check = () => true',
  ),
  mutant(
    'a replay sends events under new ids',
    'src/order/replay.ts',
    'const events = chosen.filter(({ isHarmless }) => isHarmless).map(({ event }) => event)',
    'const events = chosen.filter(({ isHarmless }) => isHarmless).map(({ event }) => ({ ...event, id: `${event.id}/again` }))',
  ),
  mutant(
    'a replay skips an order that is confirmed',
    'src/order/replay.ts',
    'const placed = orders.filter((order) => !isUnknownOrder(order))',
    "const placed = orders.filter((order) => !isUnknownOrder(order) && order.status !== 'confirmed')",
  ),
  mutant(
    'a pause of new orders is not looked at',
    'workers/order/catalogue.ts',
    'withPauses(await find(database, productIds), copy.pauses())',
    'withPauses(await find(database, productIds), new Set())',
  ),
  mutant(
    'a pause of one product pauses nothing',
    'src/order/pause.ts',
    'isAll || pauses.has(id) ?',
    'isAll ?',
  ),
  mutant(
    'an isolate keeps a pause that has ended',
    'src/order/catalogue-copy.ts',
    'pauses = read.pauses',
    'pauses = new Set([...pauses, ...read.pauses])',
  ),
]
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: these are texts of programs.
