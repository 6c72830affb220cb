/** Shorter than a freeze of ten seconds: some requests are sent again while their first sending is still at work. */
const RESPONSE_WITHIN_MS = 8_000

export type Request = { method: 'GET' | 'POST' | 'PUT'; path: string; body?: unknown; key?: string }

export type ClientResponse = { status: number; body: unknown; isReplay: boolean }

/** A response that leaves open whether the request took effect: the client sends it again under the same key. */
const isInconclusive = ({ status, body }: ClientResponse): boolean =>
  status >= 500 || status === 429 || (status === 409 && codeOf(body) === 'request_in_progress')

/** A client on the same machine: one attempt each, and `undefined` where no response came back. */
export const createClient = (port: number, apiKey: string) => {
  const faults = new Map<string, number>()
  const countFault = (fault: string) => faults.set(fault, (faults.get(fault) ?? 0) + 1)

  return {
    /** How often no usable response came back, by what came instead. */
    faults,
    send: async ({ method, path, body, key }: Request): Promise<ClientResponse | undefined> => {
      try {
        const received = await fetch(`http://localhost:${port}${path}`, {
          method,
          headers: {
            authorization: `Bearer ${apiKey}`,
            ...(body !== undefined && { 'content-type': 'application/json' }),
            ...(key !== undefined && { 'idempotency-key': key }),
          },
          signal: AbortSignal.timeout(RESPONSE_WITHIN_MS),
          ...(body !== undefined && { body: JSON.stringify(body) }),
        })
        const text = await received.text()
        const response: ClientResponse = {
          status: received.status,
          body: JSON.parse(text),
          isReplay: received.headers.get('idempotency-replayed') === 'true',
        }
        if (!isInconclusive(response)) return response
        countFault(`${response.status} ${codeOf(response.body)}`)
      } catch (error) {
        countFault(
          error instanceof Error && error.name === 'TimeoutError' ? 'no response in time' : 'connection lost',
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
