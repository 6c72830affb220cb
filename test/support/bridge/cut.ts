import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A way to a server of this machine that can be cut. A connection that is cut ends without a word to either side. */
export const startCuttableWay = async (port: number) => {
  const open = new Set<Socket>()
  let bytesLeft = Number.POSITIVE_INFINITY
  const cut = () => {
    bytesLeft = 0
    for (const socket of open) socket.destroy()
  }
  const keep = (socket: Socket, other: Socket): void => {
    open.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => {
      open.delete(socket)
      other.destroy()
    })
  }
  const server = createServer((client) => {
    if (bytesLeft === 0) return void client.destroy()
    const upstream = connect({ port, host: '127.0.0.1' })
    keep(client, upstream)
    keep(upstream, client)
    upstream.pipe(client)
    client.on('data', (chunk) => {
      upstream.write(chunk.subarray(0, Math.min(bytesLeft, chunk.length)))
      bytesLeft -= chunk.length
      if (bytesLeft <= 0) upstream.end(cut)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    /** So many bytes more reach the server, and then nothing, until it is mended. */
    cutAfter: (bytes: number) => {
      bytesLeft = bytes
    },
    mend: () => {
      bytesLeft = Number.POSITIVE_INFINITY
    },
    close: () => {
      cut()
      server.close()
    },
  }
}
