import { loadKindOf } from '../contracts/http/load.ts'
import { headerReferences, isOpen, namesOrder, type Operation } from '../contracts/http/operation.ts'
import { PROBLEMS, type Problem, type ProblemCode } from '../contracts/http/problem.ts'
import {
  ALL_CALLS_PROBLEMS,
  BODY_PROBLEMS,
  KEY_PROBLEMS,
  LOAD_PROBLEMS,
  ORDER_ID_PROBLEMS,
} from '../contracts/http/shared-problems.ts'

/** All problems of a call: its own, and those that follow from its body, its path and the key that it needs. */
export const problemsOf = (operation: Operation): ProblemCode[] => {
  const { problems, route } = operation
  return [
    ...problems,
    ...(namesOrder(operation) ? ORDER_ID_PROBLEMS : []),
    ...(METHODS_WITH_BODY.has(route.method) ? BODY_PROBLEMS : []),
    ...(isOpen(operation) ? [] : KEY_PROBLEMS),
    ...(loadKindOf(route.method, route.path) === undefined ? [] : LOAD_PROBLEMS),
    ...ALL_CALLS_PROBLEMS,
  ]
}

const METHODS_WITH_BODY: ReadonlySet<string> = new Set(['post', 'put', 'patch'])
const SHARED: readonly ProblemCode[] = [...BODY_PROBLEMS, ...KEY_PROBLEMS, ...ALL_CALLS_PROBLEMS]

/** The sets of problems that calls share, by the name of the response that describes them. */
const SHARED_SETS: readonly (readonly [string, readonly ProblemCode[]])[] = [
  ...namedByStatus(SHARED, 'Problem'),
  ...namedByStatus([...SHARED, ...LOAD_PROBLEMS], 'ProblemUnderLoad').filter(([, codes]) =>
    codes.some((code) => (LOAD_PROBLEMS as readonly ProblemCode[]).includes(code)),
  ),
]

/** The problems that calls share, as responses by name. */
export const sharedProblemResponses = () =>
  Object.fromEntries(SHARED_SETS.map(([name, codes]) => [name, problemResponse(codes)]))

/** A call's problems by status; those that other calls have as well are described once. */
export const problemResponses = (operation: Operation) =>
  Object.fromEntries(
    Object.entries(byStatus(problemsOf(operation))).map(([status, codes]) => {
      const shared = SHARED_SETS.find(([, each]) => isSameSet(each, codes))
      return [
        status,
        shared === undefined ? problemResponse(codes) : { $ref: `#/components/responses/${shared[0]}` },
      ]
    }),
  )

function namedByStatus(codes: readonly ProblemCode[], name: string): [string, ProblemCode[]][] {
  return Object.entries(byStatus(codes)).map(([status, each]) => [`${name}${status}`, each])
}

function byStatus(codes: readonly ProblemCode[]): Record<string, ProblemCode[]> {
  return Object.groupBy(new Set(codes), (code) => String(PROBLEMS[code].status)) as Record<
    string,
    ProblemCode[]
  >
}

const isSameSet = (left: readonly ProblemCode[], right: readonly ProblemCode[]): boolean =>
  left.length === right.length && left.every((code) => right.includes(code))

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
