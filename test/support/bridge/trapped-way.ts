import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the system answers that a bridge looks at. */
const HEADERS = ['content-type', 'next-cursor', 'retry-after']

/**
 * A way to the system that sees the moments at which a kill hurts most: a batch of orders is about to arrive, or a page of
 * events was committed and the bridge does not know yet. Each caller has an address of its own.
 */
export const startTrappedWay = async (system: string) => {
  const traps = new Map<string, () => Promise<void>>()
  const isWithEvents = new Map<string, boolean>()

  const springs = async (caller: string): Promise<boolean> => {
    const trap = traps.get(caller)
    await trap?.()
    return trap !== undefined
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, caller = '', path = ''] = /^\/([^/]+)(.*)$/.exec(request.url ?? '') ?? []
    const body = (await request.toArray()).join('')
    if (path === '/events' && (await springs(caller))) return void response.destroy()
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const passed = await fetch(`${system.replace(/\/$/, '')}${path}`, {
      method: request.method ?? 'GET',
      headers: { authorization: request.headers.authorization ?? '', 'content-type': 'application/json' },
      ...(body !== '' && { body }),
      signal: gone.signal,
    })
    const text = await passed.text()
    if (path.startsWith('/feed/orders?')) isWithEvents.set(caller, text !== '[]')
    const isCommit = path.endsWith('/commit') && passed.ok && body.includes('"cursor"')
    if (isCommit && isWithEvents.get(caller) && (await springs(caller))) return void response.destroy()
    const headers = HEADERS.flatMap((name) => {
      const value = passed.headers.get(name)
      return value === null ? [] : [[name, value] as const]
    })
    response.writeHead(passed.status, Object.fromEntries(headers))
    response.end(text)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    addressOf: (caller: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${caller}`,
    /** Runs once, at the next such moment of any of the callers, which gets no response then. */
    trap: <Caller extends string>(
      callers: readonly Caller[],
      spring: (caller: Caller) => Promise<void>,
    ): void => {
      for (const caller of callers) {
        traps.set(caller, () => {
          for (const each of callers) traps.delete(each)
          return spring(caller)
        })
      }
    },
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

export type TrappedWay = Awaited<ReturnType<typeof startTrappedWay>>
