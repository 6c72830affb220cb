import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What happens to one batch on its way to SQS. `silent` arrives, and the response waits until the function is through. */
export type SqsFault = 'none' | 'refused' | 'response lost' | { silent: () => Promise<unknown> }

/** In front of an SQS: batches meet the faults in turn, and then none. */
export const startFlakySqs = async (sqsPort: number) => {
  const faults: SqsFault[] = []
  let batches = 0
  const pass = async (request: IncomingMessage, body: string): Promise<{ status: number; text: string }> => {
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers
    const passed = new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)]))
    const options = { method: 'POST', headers: passed, body }
    const response = await fetch(`http://127.0.0.1:${sqsPort}/`, options)
    return { status: response.status, text: await response.text() }
  }
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = (await request.toArray()).join('')
    batches += 1
    const fault = faults.shift() ?? 'none'
    if (fault === 'refused') return void response.writeHead(500).end('{"__type":"InternalFailure"}')
    const { status, text } = await pass(request, body)
    if (typeof fault === 'object') await fault.silent()
    if (fault !== 'none') return void response.destroy()
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(text)
  }
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    port: (server.address() as AddressInfo).port,
    /** The faults of the next batches. */
    meet: (...next: SqsFault[]) => void faults.push(...next),
    batches: () => batches,
    stop: () =>
      new Promise<unknown>((closed) => {
        server.close(closed)
        server.closeAllConnections()
      }),
  }
}
