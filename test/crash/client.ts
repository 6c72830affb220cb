/** Shorter than a freeze of ten seconds: some requests are sent again while their first sending is still at work. */
const ANSWER_WITHIN_MS = 8_000

export type Request = { method: 'GET' | 'POST' | 'PUT'; path: string; body?: unknown; key?: string }

export type Answer = { status: number; body: unknown; isReplay: boolean }

/** What a client cannot tell from "it may have happened": it sends the request again under the same key. */
const isNoAnswer = ({ status, body }: Answer): boolean =>
  status >= 500 || status === 429 || (status === 409 && codeOf(body) === 'request_in_progress')

/** A client on the same machine: one attempt each, and `undefined` where no answer came back. */
export const createClient = (port: number, apiKey: string) => {
  const faults = new Map<string, number>()
  const note = (fault: string) => faults.set(fault, (faults.get(fault) ?? 0) + 1)

  return {
    /** How often no answer came back, by what came instead. */
    faults,
    send: async ({ method, path, body, key }: Request): Promise<Answer | undefined> => {
      try {
        const response = await fetch(`http://localhost:${port}${path}`, {
          method,
          headers: {
            authorization: `Bearer ${apiKey}`,
            ...(body !== undefined && { 'content-type': 'application/json' }),
            ...(key !== undefined && { 'idempotency-key': key }),
          },
          signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
          ...(body !== undefined && { body: JSON.stringify(body) }),
        })
        const text = await response.text()
        const answer: Answer = {
          status: response.status,
          body: JSON.parse(text),
          isReplay: response.headers.get('idempotency-replayed') === 'true',
        }
        if (!isNoAnswer(answer)) return answer
        note(`${answer.status} ${codeOf(answer.body)}`)
      } catch (error) {
        note(
          error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'connection lost',
        )
      }
      return undefined
    },
  }
}

export type Client = ReturnType<typeof createClient>

/** The `code` of a problem document. */
export const codeOf = (body: unknown): string =>
  typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : ''
