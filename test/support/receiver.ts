import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

export type Received = { path: string; headers: Record<string, string>; body: string }

/** A receiver of webhooks on this machine: it keeps what comes, and answers what its script says (0: nothing), 204 at its end. */
export const startReceiver = async () => {
  const received: Received[] = []
  const scripts = new Map<string, number[]>()
  const pauses = new Map<string, string>()
  const server = createServer((request, response) => {
    void take(request).then((each) => {
      received.push(each)
      const retryAfter = pauses.get(each.path)
      answer(
        response,
        scripts.get(each.path)?.shift() ?? 204,
        retryAfter === undefined ? {} : { 'retry-after': retryAfter },
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: (path: string) => `http://127.0.0.1:${port}${path}`,
    /** The next answers at this path; a redirect leads to `/elsewhere`. */
    script: (path: string, ...statuses: number[]) => void scripts.set(path, statuses),
    /** Every answer at this path says so. */
    retryAfter: (path: string, text: string) => void pauses.set(path, text),
    at: (path: string): readonly Received[] => received.filter((each) => each.path === path),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

const take = async (request: IncomingMessage): Promise<Received> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  )
  return { path: request.url ?? '', headers, body: Buffer.concat(chunks).toString('utf8') }
}

const answer = (response: ServerResponse, status: number, headers: OutgoingHttpHeaders = {}): void => {
  if (status === 0) return
  const isRedirect = status >= 300 && status < 400
  response.writeHead(status, isRedirect ? { location: '/elsewhere' } : headers).end()
}

/** The event of a request, as a receiver reads it that holds this secret; throws where the signature is not right. */
export const verified = (secret: string, { headers, body }: Received): { id: string; type: string } =>
  new Webhook(secret).verify(body, headers) as { id: string; type: string }
