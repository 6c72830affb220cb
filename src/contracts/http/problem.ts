import { z } from 'zod'

const faultSchema = z.object({ path: z.string(), message: z.string() })

/** A fault at one place of a request. `path` is a JSON pointer. */
export type Fault = z.infer<typeof faultSchema>

/** RFC 9457, with a stable `code` to switch on and the trace to ask about. */
export const problemSchema = z
  .object({
    type: z.string().meta({ description: 'The kind of problem, as a URI.' }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().meta({ description: 'What happened, for people.' }),
    code: z.string().meta({ description: 'What happened, for programs: it never changes.' }),
    errors: z
      .array(faultSchema)
      .optional()
      .meta({ description: 'Each fault of the request, with a JSON pointer to it.' }),
    traceId: z.string().meta({ description: 'The trace to name when you ask the operators.' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457.' })

export type Problem = z.infer<typeof problemSchema>

/** Every problem that a caller can meet: code → status and title. Routes never choose a status. */
export const PROBLEMS = {
  invalid_signature: { status: 400, title: 'The signature does not fit the body' },
  malformed_json: { status: 400, title: 'The body is not JSON' },
  unauthorized: { status: 401, title: 'A valid API key is needed' },
  forbidden: { status: 403, title: 'The API key may not do this' },
  not_found: { status: 404, title: 'There is nothing at this address' },
  order_not_found: { status: 404, title: 'No such order' },
  payment_not_found: { status: 404, title: 'No such payment' },
  product_not_found: { status: 404, title: 'No such product' },
  dead_letter_not_found: { status: 404, title: 'No such dead letter' },
  webhook_not_found: { status: 404, title: 'No such webhook' },
  delivery_not_found: { status: 404, title: 'No such delivery' },
  consumer_not_found: { status: 404, title: 'No such consumer of the feed' },
  key_not_found: { status: 404, title: 'No such API key' },
  request_timeout: { status: 408, title: 'The body did not arrive in time' },
  request_in_progress: { status: 409, title: 'The same request is being handled' },
  payment_token_erased: { status: 409, title: 'The payment token of this event was erased' },
  order_id_ambiguous: { status: 409, title: 'Several clients have an order with this id' },
  order_id_taken: { status: 409, title: 'The order id stands for another order of yours' },
  order_not_cancellable: {
    status: 409,
    title: 'The order was rejected, or has left for the archive: there is nothing to cancel',
  },
  refund_limit_reached: { status: 409, title: 'The payment has as many refunds as it may have' },
  insufficient_stock: { status: 409, title: 'Less is available than is to be taken away' },
  stock_limit_exceeded: { status: 409, title: 'More would be on hand than can be counted' },
  pause_limit_reached: { status: 409, title: 'As many products are paused as can be' },
  consumer_leased: { status: 409, title: 'Another holder has the lease' },
  consumer_limit_reached: { status: 409, title: 'There are as many consumers of the feed as there can be' },
  consumer_of_other_feed: { status: 409, title: 'The consumer follows another feed' },
  consumer_paused: { status: 409, title: 'The consumer is paused' },
  lease_lost: { status: 409, title: 'The lease is no longer yours' },
  webhook_disabled: { status: 409, title: 'The webhook is disabled' },
  webhook_limit_exceeded: { status: 409, title: 'The client has as many webhooks as it may have' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body is of another media type' },
  validation_failed: { status: 422, title: 'The request is not valid' },
  event_not_accepted: { status: 422, title: 'The event is not one that is taken from outside' },
  feed_cursor_refused: { status: 422, title: 'The cursor is no longer known' },
  unknown_product: { status: 422, title: 'The catalogue has no such product' },
  mixed_currencies: { status: 422, title: 'The products are priced in different currencies' },
  price_mismatch: { status: 422, title: 'The total is not the one computed from the catalogue' },
  amount_too_large: { status: 422, title: 'The amount is too large' },
  amount_not_chargeable: { status: 422, title: 'The bank cannot charge the amount' },
  payment_required: { status: 422, title: 'A payment method is needed' },
  idempotency_key_reused: { status: 422, title: 'The idempotency key was used for another request' },
  refund_exceeds_captured: { status: 422, title: 'More than is left would be refunded' },
  rate_limited: { status: 429, title: 'Too many requests' },
  too_many_open_orders: {
    status: 429,
    title: 'The customer has too many orders open, or too many that failed',
  },
  internal_error: { status: 500, title: 'Something went wrong on our side' },
  orders_paused: { status: 503, title: 'New orders are paused' },
  overloaded: { status: 503, title: 'More is asked than the system can do just now' },
  misconfigured: { status: 503, title: 'The deployment lacks configuration' },
  unavailable: { status: 503, title: 'A part of the system does not answer' },
} as const

export type ProblemCode = keyof typeof PROBLEMS
