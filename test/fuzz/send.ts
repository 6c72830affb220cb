import { Agent, request as httpRequest } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { FuzzRequest } from './requests.ts'

export type FuzzResponse = {
  status: number
  headers: Record<string, string>
  body: string
  /** A stream that was left before its end. */
  isCut: boolean
}

/** Longer than the longest wait of a call, and than the worst pause of a busy machine. */
const RESPONSE_WITHIN_MS = 60_000
/** The first bytes of a live stream are enough. */
const STREAM_MS = 300

/** Sends requests as they are written. An ordinary client would correct their paths and headers. */
export const createSender = (address: string, connections: number) => {
  const { hostname, port } = new URL(address)
  const agent = new Agent({ keepAlive: true, maxSockets: connections })

  const send = ({ method, path, body, headers: given }: FuzzRequest): Promise<FuzzResponse> =>
    new Promise((respond, failed) => {
      // Node leaves it out where a method has no body usually, and the body would be read as the next request.
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
      const headers = { ...given, ...length }
      const outgoing = httpRequest({
        agent,
        hostname,
        port,
        method,
        path,
        headers,
        timeout: RESPONSE_WITHIN_MS,
      })
      outgoing.once('timeout', () => outgoing.destroy(new Error(`no response in ${RESPONSE_WITHIN_MS} ms`)))
      outgoing.once('error', failed)
      outgoing.once('response', (incoming) => {
        const head = {
          status: incoming.statusCode ?? 0,
          headers: Object.fromEntries(
            Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
          ),
        }
        if (head.headers['content-type']?.startsWith('text/event-stream')) {
          const chunks: Buffer[] = []
          const end = (isCut: boolean) => respond({ ...head, body: Buffer.concat(chunks).toString(), isCut })
          const timer = setTimeout(() => {
            end(true)
            outgoing.destroy()
          }, STREAM_MS)
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
          incoming.once('error', () => undefined)
          incoming.once('end', () => {
            clearTimeout(timer)
            end(false)
          })
          return
        }
        buffer(incoming).then((bytes) => respond({ ...head, body: bytes.toString(), isCut: false }), failed)
      })
      outgoing.end(body)
    })

  return { send, close: () => agent.destroy() }
}

/** The request as a command, to be sent again by hand. */
export const asCurl = (address: string, { method, path, headers, body }: FuzzRequest): string =>
  [
    `curl -sS -i --path-as-is -X ${method} ${quoted(new URL(address).origin + path)}`,
    ...Object.entries(headers).map(
      ([name, value]) => `-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`,
    ),
    ...(body === undefined
      ? []
      : [`--data-binary ${typeof body === 'string' ? quoted(body) : quotedBytes(body)}`]),
  ].join(' ')

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** The bytes as bash writes them. curl takes no zero byte. */
const quotedBytes = (bytes: Uint8Array): string =>
  `$'${Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}'`
