import { headerReferences, isOpen, namesOrder, type Operation } from '../contracts/http/operation.ts'
import { PROBLEMS, type Problem, type ProblemCode } from '../contracts/http/problem.ts'

/** What can be wrong with a call: its own problems, and those that follow from what it takes and who may make it. */
export const problemsOf = (operation: Operation): ProblemCode[] => {
  const { problems, route } = operation
  return [
    ...problems,
    ...(namesOrder(operation) ? OF_ORDER_IDS : []),
    ...(METHODS_WITH_BODY.has(route.method) ? OF_BODIES : []),
    ...(isOpen(operation) ? [] : [...OF_VALIDATION, ...OF_KEYS]),
    ...OF_EVERYTHING,
  ]
}

/** Also where the call takes none: one that is sent is checked. */
const METHODS_WITH_BODY: ReadonlySet<string> = new Set(['post', 'put', 'patch'])
const OF_BODIES = [
  'malformed_json',
  'request_timeout',
  'payload_too_large',
  'unsupported_media_type',
] as const
/** A caller that acts for all clients may name an order by an id that two of them gave. */
const OF_ORDER_IDS = ['order_id_ambiguous'] as const
/** Every call that needs a key refuses a query parameter that it does not know; pages and probes ignore theirs. */
const OF_VALIDATION = ['validation_failed'] as const
const OF_KEYS = ['unauthorized', 'forbidden', 'rate_limited', 'misconfigured', 'unavailable'] as const
const OF_EVERYTHING = ['internal_error'] as const
const SHARED: readonly ProblemCode[] = [...OF_BODIES, ...OF_VALIDATION, ...OF_KEYS, ...OF_EVERYTHING]

/** The problems that calls share, as responses by name. */
export const sharedProblemResponses = () =>
  Object.fromEntries(
    Object.entries(byStatus(SHARED)).map(([status, codes]) => [`Problem${status}`, problemResponse(codes)]),
  )

/** A call's problems by status; those that other calls have as well are described once. */
export const problemResponses = (operation: Operation) =>
  Object.fromEntries(
    Object.entries(byStatus(problemsOf(operation))).map(([status, codes]) => [
      status,
      isShared(status, codes) ? { $ref: `#/components/responses/Problem${status}` } : problemResponse(codes),
    ]),
  )

const byStatus = (codes: readonly ProblemCode[]): Record<string, ProblemCode[]> =>
  Object.groupBy(new Set(codes), (code) => String(PROBLEMS[code].status)) as Record<string, ProblemCode[]>

const isShared = (status: string, codes: readonly ProblemCode[]): boolean => {
  const shared = byStatus(SHARED)[status] ?? []
  return codes.length === shared.length && codes.every((code) => shared.includes(code))
}

const problemResponse = (codes: readonly ProblemCode[]) => {
  const status = PROBLEMS[codes[0] ?? 'internal_error'].status
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' '),
    ...(status in HEADERS && { headers: headerReferences(HEADERS[status] ?? []) }),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/Problem' },
            {
              type: 'object' as const,
              properties: { status: { const: status }, code: { type: 'string' as const, enum: [...codes] } },
            },
          ],
        },
        examples: Object.fromEntries(codes.map((code) => [code, { value: problemExample(code) }])),
      },
    },
  }
}

const HEADERS: Record<number, ('Retry-After' | 'WWW-Authenticate')[]> = {
  401: ['WWW-Authenticate'],
  429: ['Retry-After'],
  503: ['Retry-After'],
}

const problemExample = (code: ProblemCode): Problem => ({
  type: `urn:edge-orders:problem:${code}`,
  title: PROBLEMS[code].title,
  status: PROBLEMS[code].status,
  detail: code === 'validation_failed' ? '/items is missing' : `${PROBLEMS[code].title}.`,
  code,
  ...(code === 'validation_failed' && { errors: [{ path: '/items', message: 'is missing' }] }),
  traceId: '16d8fe903483a4d2a8dd65bf491ea84d',
})
