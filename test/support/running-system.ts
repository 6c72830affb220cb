import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'

const ROOT = resolve(import.meta.dirname, '../..')

/** A port that is free at this moment. */
export const freePort = (): Promise<number> =>
  new Promise((found, failed) => {
    const server = createServer()
    server.once('error', failed)
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => found(port))
    })
  })

/** The first start makes `.dev.vars` from its example; a developer's own stays as it is. */
export const readDevelopmentKey = (checkout = ROOT): string => {
  const own = join(checkout, '.dev.vars')
  const { BOOTSTRAP_KEY } = parseEnv(readFileSync(existsSync(own) ? own : `${own}.example`, 'utf8'))
  if (!BOOTSTRAP_KEY) throw new Error('.dev.vars has no BOOTSTRAP_KEY')
  return BOOTSTRAP_KEY
}
