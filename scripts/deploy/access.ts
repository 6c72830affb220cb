// Whether wrangler may change an account, and which one.
import { z } from 'zod'
import { Failure } from '../failure.mjs'
import type { Environment, Wrangler } from './types.ts'

const LOG_IN =
  'Run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN. The token needs the permission to edit Workers Scripts, Queues and D1, and with a retention Workers R2 Storage.'

const whoami = z.object({
  loggedIn: z.boolean(),
  accounts: z.array(z.object({ id: z.string(), name: z.string() })).default([]),
})

/** Resolves with the account in words. Throws a `Failure` if there is none, or a choice between several. */
export const findAccount = async (wrangler: Wrangler, environment: Environment): Promise<string> => {
  const { code, output } = await wrangler(['whoami', '--json'])
  const answer = whoami.safeParse(jsonIn(output))
  if (!answer.success || (code !== 0 && answer.data.loggedIn))
    throw new Failure(`\`wrangler whoami\` failed:\n\n${output.trim()}\n`, LOG_IN)
  if (!answer.data.loggedIn) throw new Failure('Wrangler has no access to a Cloudflare account.', LOG_IN)
  const { accounts } = answer.data
  const chosen = environment['CLOUDFLARE_ACCOUNT_ID']
  if (chosen) return nameOf(accounts.find(({ id }) => id === chosen) ?? { id: chosen, name: '' })
  const [only, another] = accounts
  if (another !== undefined) throw severalAccounts(accounts)
  return only === undefined ? 'the account of the token' : nameOf(only)
}

/** The look-ups take some ten seconds. */
export const lookingUp = (account: string): string => `Looking up what ${account} has.`

type CloudflareAccount = { id: string; name: string }

const nameOf = ({ id, name }: CloudflareAccount): string => `${name} (${id})`.trim()

const severalAccounts = (accounts: CloudflareAccount[]): Failure =>
  new Failure(
    `Wrangler has access to several accounts: ${accounts.map(nameOf).join(', ')}.`,
    `Choose one: export CLOUDFLARE_ACCOUNT_ID=${accounts[0]?.id}`,
  )

/** Wrangler may print warnings around its JSON. */
const jsonIn = (output: string): unknown => {
  try {
    return JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1))
  } catch {
    return undefined
  }
}
