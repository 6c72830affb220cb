import type { Context } from 'hono'
import { decodeAttribute } from '../../contracts/binary-mode.ts'
import type { ExternalRefusal } from '../../contracts/external-order.ts'
import { jsonPointer } from '../../contracts/json-pointer.ts'
import { type Result, refusal, success } from '../../kernel/result.ts'
import { bodyOf } from './request-body.ts'

/**
 * The events of a request, by the CloudEvents HTTP Protocol Binding (1.0.2, 3): one event in structured mode, an array
 * of events as a batch, or, in binary mode, one event whose data is the body and whose attributes are `ce-` headers.
 * Plain JSON may be one event or an array.
 */
export const eventsOfRequest = async (c: Context): Promise<Result<unknown, ExternalRefusal>> => {
  const { value, mediaType } = await bodyOf(c)
  switch (mediaType) {
    case 'application/cloudevents+json':
      return Array.isArray(value) ? otherShape(ONE_EVENT) : success(value)
    case 'application/cloudevents-batch+json':
      return Array.isArray(value) ? success(value) : otherShape(ARRAY)
    default:
      return c.req.header('ce-specversion') === undefined ? success(value) : binaryEvent(c, value)
  }
}

const ONE_EVENT = 'must be one event: send an array of events as application/cloudevents-batch+json'
const ARRAY = 'must be an array of events: send one event as application/cloudevents+json'

const otherShape = (message: string) =>
  refusal({ code: 'event_not_accepted' as const, errors: [{ path: '', message }] })

const binaryEvent = (c: Context, data: unknown): Result<unknown, ExternalRefusal> => {
  const attributes = [...c.req.raw.headers]
    .filter(([name]) => name.startsWith('ce-'))
    .map(([name, value]) => [name.slice('ce-'.length), decodeAttribute(value)] as const)
  const errors = attributes
    .filter(([, value]) => value === undefined)
    .map(([name]) => ({ path: jsonPointer([name]), message: DOES_NOT_DECODE }))
  if (errors.length > 0) return refusal({ code: 'validation_failed', errors })
  return success({ ...Object.fromEntries(attributes), data })
}

const DOES_NOT_DECODE =
  'comes in a header that cannot be decoded: write it in printable ASCII, and % and all else as percent-encoded UTF-8'
