// `npm run ops`: an operator's commands, which call the public API.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Failure } from './failure.mjs'
import { connect, explained } from './ops/call.ts'
import type { Report } from './ops/command.ts'
import { COMMANDS } from './ops/commands.ts'
import { findTarget } from './ops/target.ts'
import { USAGE, UsageError } from './ops/usage.ts'

const REFUSED = 1
const NOT_UNDERSTOOD = 2

/** The usual sign for standard input: the key comes through a pipe. */
const STANDARD_INPUT = '-'

const KEY_IS_SHOWN =
  "Warning: with --key KEY every user who may list processes on this machine sees the key, and the shell's history keeps it. Set EDGE_ORDERS_KEY, or pipe the key to --key -."

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS })
  const { url, key, json, help, 'allow-http': isHttpAllowed, ...flags } = values
  if (help) return console.log(USAGE)
  const [subject = '', verb = '', ...ids] = positionals
  const name = `${subject} ${verb}`.trim()
  const command = COMMANDS[name]
  if (command === undefined) throw new UsageError(`There is no command "${name}".`)
  if (key && key !== STANDARD_INPUT) console.error(KEY_IS_SHOWN)
  const target = findTarget(
    { url, key: key === STANDARD_INPUT ? readKey() : key, isHttpAllowed },
    process.env,
  )
  const report = await command(connect(target), { ...flags, ids }).catch((error: unknown) => {
    throw explained(error, target)
  })
  console.log(json ? JSON.stringify(report.response, null, 2) : show(report))
  if (report.isIncomplete) process.exitCode = REFUSED
}

const readKey = (): string => {
  const key = readFileSync(process.stdin.fd, 'utf8').trim()
  if (key === '')
    throw new UsageError(
      '--key - reads the key from standard input, which was empty. Pipe the key into the command.',
    )
  return key
}

const text = { type: 'string' } as const
const texts = { type: 'string', multiple: true } as const
const yes = { type: 'boolean' } as const

const OPTIONS = {
  ...{ url: text, key: text, json: yes, help: yes },
  ...{ client: text, scopes: text, queue: text, status: text, type: text, reason: text },
  ...{ customer: text, reference: text, after: text, before: text, limit: text, product: text, rate: text },
  ...{ delta: text, amount: text, stuck: yes, unsettled: yes },
  ...{ since: text, until: text, failing: yes, 'dry-run': yes },
  ...{ error: text, 'of-reason': text },
  ...{ kind: text, action: text, subject: text, 'key-id': text, person: text },
  ...{ to: text, from: text, feed: text, order: texts },
  ...{ 'allow-http': yes, cascade: yes, 'no-cascade': yes },
  ...{ duplicates: yes, delay: text, crashing: text, stopped: text, bank: text },
  ...{ address: text, overlap: text, name: text, price: text, currency: text },
  ...{ 'open-orders': text, 'open-units': text },
} as const

const show = ({ rows, note }: Report): string => {
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, column) => Math.max(cell.length, most[column] ?? 0)),
    [],
  )
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return [...lines, ...(note === undefined ? [] : [note])].join('\n')
}

main().catch((error: unknown) => {
  const isUsage = error instanceof UsageError || isUnknownFlag(error)
  if (isUsage) console.error(`${error.message}\n\n${USAGE}`)
  else console.error(error instanceof Failure ? error.message : error)
  process.exitCode = isUsage ? NOT_UNDERSTOOD : REFUSED
})

const isUnknownFlag = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
