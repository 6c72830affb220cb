import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { waitForPort } from '../../../scripts/start/port.mjs'
import { commandBeside } from '../../../scripts/start/settings.mjs'
import { freePort } from '../../support/running-system.ts'

it('a used port is reported, with the command for a second system on another port and another state', async () => {
  const port = await freePort()
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  await expect(waitForPort(port, 0)).rejects.toThrow(
    [
      `Another program uses port ${port}.`,
      `Stop that program, or choose another port. A second system needs a state of its own too: ${commandBeside(port)}`,
    ].join('\n'),
  )
  server.close()
})

it('a port is waited for while the program on it stops', async () => {
  const port = await freePort()
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  const free = waitForPort(port, 30_000)
  server.close()
  await expect(free).resolves.toBeUndefined()
})
