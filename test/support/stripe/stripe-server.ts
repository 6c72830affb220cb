import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { StripeMock } from './stripe-mock.ts'

/** The mock behind a port of this machine, for `STRIPE_API_BASE`. Its clock stands still. */
export const startStripeServer = async () => {
  const mock = new StripeMock(Date.now())
  const server = createServer(async (request, response) => {
    try {
      const body = (await buffer(request)).toString()
      const answered = await mock.fetch(`http://localhost${request.url}`, {
        method: request.method ?? 'GET',
        headers: request.headers as Record<string, string>,
        ...(body !== '' && { body }),
      })
      response.writeHead(answered.status, Object.fromEntries(answered.headers)).end(await answered.text())
    } catch {
      response.destroy()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    mock,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}
