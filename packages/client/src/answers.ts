import { ApiProblem, ForeignAnswer, type Problem } from './problem.ts'

/** `error` is there where the answer is a problem and only there, so a look at it tells whether there is `data`. */
export type Answered<Data, Refusal = Problem> =
  | { data: Data; error?: undefined; response: Response }
  | { data?: undefined; error: Refusal; response: Response }

/** The data of an answer. Throws an `ApiProblem` where it is a problem. */
export const orThrow = async <Data>(call: Promise<Answered<Data>>): Promise<Data> => {
  const { data, error, response } = await call
  if (error !== undefined) throw new ApiProblem(error, response)
  return data
}

/** Throws a `ForeignAnswer` where the API would not answer so. */
export const answered = async <Data, Refusal>(
  path: string,
  response: Response,
): Promise<Answered<Data, Refusal>> => {
  const text = await response.text()
  const content = contentOf(text, response)
  if (isData(content, path, response)) return { data: content, response }
  if (isProblem(content)) return { error: content, response }
  throw new ForeignAnswer(unexpected(response, text))
}

/** A proxy may call anything JSON; text that is none stays text. */
const contentOf = (text: string, { headers }: Response) => {
  if (text === '') return undefined
  if (!headers.get('content-type')?.includes('json')) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** These bring text, `/` by leading to `/docs`; all others JSON. */
const PAGES = ['/', '/docs', '/docs/events']
/** It brings its report with 503 too. */
const REPORT = '/readyz'
/** No content, and not modified. */
const EMPTY = [204, 304]

const isData = (content: unknown, path: string, { ok, status }: Response): boolean => {
  if (EMPTY.includes(status)) return true
  if (typeof content === 'string') return ok && PAGES.includes(path)
  if (typeof content !== 'object' || content === null) return false
  return ok || (path === REPORT && 'ready' in content)
}

const isProblem = (content: unknown): boolean =>
  typeof content === 'object' && content !== null && 'code' in content && 'detail' in content

const SHOWN_LENGTH_MAX = 200

const unexpected = ({ status }: Response, text: string): string =>
  `The answer was ${status}, without what the API answers with: ${text.slice(0, SHOWN_LENGTH_MAX)}`
