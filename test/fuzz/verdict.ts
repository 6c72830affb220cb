import { isUtf8 } from 'node:buffer'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { problemSchema } from '../../src/contracts/http/problem.ts'
import { illFormedTexts } from '../../src/kernel/well-formed.ts'
import { callOf, type Document, type DocumentedCall } from './document.ts'
import { TOKEN_MARKS } from './hints.ts'
import type { FuzzRequest } from './requests.ts'
import type { FuzzResponse } from './send.ts'

export type Fault = { kind: 'unexpected 5xx' | 'overload' | 'schema mismatch' | 'leak'; detail: string }

/** The problem codes that an address without a call may respond with. */
const NOWHERE = new Set([
  'not_found',
  'unauthorized',
  'rate_limited',
  'malformed_json',
  'payload_too_large',
  'unsupported_media_type',
])

/** The marks of a stack trace of our code. */
const STACK = /\n\s+at |\bat (async )?[\w.<>]+ \(|\.(ts|js|mjs):\d+:\d+|node_modules/

/** Judges whether the document promises a response, and whether the response leaks a secret. */
export const createJudge = (document: Document) => {
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateSchema: false })
  addFormats.default(ajv)
  ajv.addSchema(document.json, 'openapi.json')
  const schemaFault = (pointer: string, value: unknown): string | undefined => {
    const validate = ajv.getSchema(`openapi.json${pointer}`)
    if (validate === undefined) return `there is no schema at ${pointer}`
    return validate(value) ? undefined : `at ${pointer}: ${ajv.errorsText(validate.errors)}`
  }

  return (request: FuzzRequest, response: FuzzResponse): Fault[] => {
    const call = callOf(document.calls, request.method, request.path)
    const leaks = leaksOf(call, request, response).map((detail): Fault => ({ kind: 'leak', detail }))
    const texts = textFaults(request, response)
    if (call === undefined) return [...leaks, ...texts, ...nowhereFaults(request, response)]
    return [...leaks, ...texts, ...documentFaults(call, request, response, schemaFault)]
  }
}

/** The system neither accepts nor returns ill-formed text. */
const textFaults = (request: FuzzRequest, { status, body }: FuzzResponse): Fault[] => {
  const isTaken = status < 300 && WITH_BODY.has(request.method)
  const isIllFormed = illFormedTexts(parsed(body)).length > 0
  return [
    ...(isTaken && !isText(request) ? [mismatch(`an ill-formed body got the response ${status}`)] : []),
    ...(isIllFormed ? [mismatch(`a response has half of a surrogate pair: ${body.slice(0, 300)}`)] : []),
  ]
}

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH'])

const isText = ({ body = '', headers: { 'content-encoding': coding = '' } }: FuzzRequest): boolean =>
  (coding === '' || coding === 'identity') &&
  isUtf8(Buffer.from(body)) &&
  !hasHalf(Buffer.from(body).toString())

/** Half of a surrogate pair as an escape, with no other half beside it. */
const hasHalf = (text: string): boolean => {
  const value = parsed(text)
  return value !== undefined && illFormedTexts(value).length > 0
}

type SchemaFault = (pointer: string, value: unknown) => string | undefined

const documentFaults = (
  call: DocumentedCall,
  request: FuzzRequest,
  response: FuzzResponse,
  schemaFault: SchemaFault,
): Fault[] => {
  const { status, headers, body } = response
  const media = call.responses.get(status)
  if (status >= 500 && !isPaused(response)) return [serverFault(response, media, schemaFault)]
  if (media === undefined) return [mismatch(`${call.id} has no response ${status}: ${body.slice(0, 300)}`)]
  if (request.method === 'HEAD') return body === '' ? [] : [mismatch('the response to HEAD has a body')]
  if (media.size === 0) return body === '' ? [] : [mismatch(`${call.id} ${status} has a body`)]
  const type = mediaType(headers)
  const pointer = media.get(type)
  if (pointer === undefined) return [mismatch(`${call.id} has no ${status} of the type "${type}"`)]
  const value = type.endsWith('json') ? parsed(body) : body
  const fault = value === undefined ? 'the body is not JSON' : schemaFault(pointer, value)
  return fault === undefined ? [] : [mismatch(`${call.id} ${status}: ${fault}: ${body.slice(0, 300)}`)]
}

/** The fuzzer's own requests pause new orders. */
const isPaused = ({ status, body }: FuzzResponse): boolean =>
  status === 503 && problemSchema.safeParse(parsed(body)).data?.code === 'orders_paused'

/** A 503 that the document promises is overload and is counted apart. Any other 5xx is a fault of the system. */
const serverFault = (
  { status, headers, body }: FuzzResponse,
  media: Map<string, string> | undefined,
  schemaFault: SchemaFault,
): Fault => {
  const pointer = media?.get(mediaType(headers))
  const isDocumented =
    status === 503 && pointer !== undefined && schemaFault(pointer, parsed(body)) === undefined
  return { kind: isDocumented ? 'overload' : 'unexpected 5xx', detail: `${status} ${body.slice(0, 300)}` }
}

const nowhereFaults = (request: FuzzRequest, { status, body }: FuzzResponse): Fault[] => {
  if (status >= 500) return [{ kind: 'unexpected 5xx', detail: `${status} ${body.slice(0, 300)}` }]
  if (request.method === 'HEAD' && status >= 400) return []
  const problem = problemSchema.safeParse(parsed(body))
  if (problem.success && problem.data.status === status && NOWHERE.has(problem.data.code)) return []
  return [mismatch(`no call is at this address, and yet: ${status} ${body.slice(0, 300)}`)]
}

const leaksOf = (
  call: DocumentedCall | undefined,
  { headers: { authorization = '' } }: FuzzRequest,
  { headers, body }: FuzzResponse,
): string[] => {
  // The documents have examples in them.
  if (call?.isOpen) return []
  const shown = `${body}\n${Object.values(headers).join('\n')}`
  const [, credential = ''] = authorization.split(' ')
  return [
    ...TOKEN_MARKS.filter((mark) => shown.includes(mark)).map(
      (mark) => `a payment token: ${around(shown, mark)}`,
    ),
    ...(credential.length >= 8 && shown.includes(credential) ? ["the caller's key"] : []),
    ...(STACK.test(shown) ? [`a stack trace: ${shown.slice(0, 500)}`] : []),
  ]
}

const around = (text: string, mark: string): string => {
  const at = text.indexOf(mark)
  return text.slice(Math.max(0, at - 100), at + 50)
}

const mediaType = (headers: Record<string, string>): string =>
  (headers['content-type'] ?? '').split(';')[0]?.trim() ?? ''

const mismatch = (detail: string): Fault => ({ kind: 'schema mismatch', detail })

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
