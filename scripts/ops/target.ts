import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { Failure } from '../failure.mjs'
import { ROOT } from '../wrangler.mjs'
import type { Target } from './call.ts'

type Given = { url?: string | undefined; key?: string | undefined; isHttpAllowed?: boolean | undefined }

/**
 * Which system to call, with which key. An empty variable counts as not set. The development key is never sent to another
 * machine.
 */
export const findTarget = (
  flags: Given,
  environment: Record<string, string | undefined>,
  keyAdvice = 'Give one with the scope operations in EDGE_ORDERS_KEY, or pipe it to --key -.',
): Target => {
  // `||`, not `??`: an empty variable is not set.
  const local = `http://localhost:${environment['PORT'] || '8787'}`
  const url = flags.url || environment['EDGE_ORDERS_URL'] || local
  if (!URL.canParse(url) || !/^https?:/i.test(url)) {
    throw new Failure(`"${url}" is not an address.`, 'Write it as https://orders.example.com.')
  }
  const key =
    flags.key || environment['EDGE_ORDERS_KEY'] || (isThisMachine(url) ? developmentKey() : undefined)
  if (!key) {
    throw new Failure(`There is no key for ${url}.`, keyAdvice)
  }
  if (/^http:/i.test(url) && !isThisMachine(url) && !flags.isHttpAllowed) {
    throw new Failure(
      `The key would go to ${url} in plain text, so that every machine on the way could read it.`,
      'Use its https:// address. Give --allow-http only if the whole network to it is your own.',
    )
  }
  return { url, key }
}

/** `localhost`, `127.0.0.0/8` and `::1`, as `URL` writes them. The port does not matter. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/

const isThisMachine = (url: string): boolean => LOOPBACK.test(new URL(url).hostname)

const developmentKey = (): string | undefined => {
  const own = join(ROOT, '.dev.vars')
  const file = existsSync(own) ? own : `${own}.example`
  return parseEnv(readFileSync(file, 'utf8'))['BOOTSTRAP_KEY']
}
