import { ApiProblem, ForeignAnswer, type Problem } from './problem.ts'

/** `error` is set exactly when the response is a problem. So `if (error)` also tells whether there is `data`. */
export type CallResult<Data, Refusal = Problem> =
  | { data: Data; error?: undefined; response: Response }
  | { data?: undefined; error: Refusal; response: Response }

/** @deprecated The name of `CallResult` in older versions. */
export type Answered<Data, Refusal = Problem> = CallResult<Data, Refusal>

/** Returns the data of a call. Throws an `ApiProblem` where the response is a problem. */
export const orThrow = async <Data>(call: Promise<CallResult<Data>>): Promise<Data> => {
  const { data, error, response } = await call
  if (error !== undefined) throw new ApiProblem(error, response)
  return data
}

/** Throws a `ForeignAnswer` where the API never sends such a response. */
export const readResult = async <Data, Refusal>(
  path: string,
  response: Response,
): Promise<CallResult<Data, Refusal>> => {
  const text = await response.text()
  const content = contentOf(text, response)
  if (isData(content, path, response)) return { data: content, response }
  if (isProblem(content)) return { error: content, response }
  throw new ForeignAnswer(unexpected(response, text))
}

/** Text that is no JSON stays text: a proxy may call anything JSON. */
const contentOf = (text: string, { headers }: Response) => {
  if (text === '') return undefined
  if (!headers.get('content-type')?.includes('json')) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** These paths bring text (`/` by a redirect to `/docs`). All others bring JSON. */
const TEXTS = ['/', '/docs', '/docs/events', '/metrics']
/** This path brings its report with status 503 too. */
const REPORT = '/readyz'
/** No content, and not modified. */
const EMPTY = [204, 304]

const isData = (content: unknown, path: string, { ok, status }: Response): boolean => {
  if (EMPTY.includes(status)) return true
  if (typeof content === 'string') return ok && TEXTS.includes(path)
  if (typeof content !== 'object' || content === null) return false
  return ok || (path === REPORT && 'ready' in content)
}

const isProblem = (content: unknown): boolean =>
  typeof content === 'object' && content !== null && 'code' in content && 'detail' in content

const SHOWN_LENGTH_MAX = 200

const unexpected = ({ status }: Response, text: string): string =>
  `The response with status ${status} does not come from the API. Check the address, and any proxy in between. The response: ${text.slice(0, SHOWN_LENGTH_MAX)}`
