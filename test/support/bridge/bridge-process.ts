import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { eventually } from '../eventually.ts'

const PROGRAM = resolve(import.meta.dirname, '../../../scripts/bridge.ts')

const deliveredSchema = z.object({ message: z.literal('delivered'), items: z.number() })
const lostSchema = z.object({
  message: z.literal('the bridge tries again'),
  reason: z.string().includes('409 lease_lost'),
})

export type BridgeArguments = {
  /** The word of the broker, the way, and the flags. */
  args: readonly string[]
  /** The system, the key, and what the broker needs. */
  environment: Record<string, string>
}

/** `npm run bridge`, as a process of its own. */
export const startBridge = ({ args, environment }: BridgeArguments) => {
  const child: ChildProcess = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  let delivered = 0
  let leasesLost = 0
  let errors = ''
  child.stderr?.on('data', (chunk) => (errors += chunk))
  if (child.stdout !== null) {
    createInterface(child.stdout).on('line', (line) => {
      const logged: unknown = JSON.parse(line)
      const deliveredNow = deliveredSchema.safeParse(logged)
      if (deliveredNow.success) delivered += deliveredNow.data.items
      if (lostSchema.safeParse(logged).success) leasesLost += 1
    })
  }
  const end = async (signal: NodeJS.Signals): Promise<unknown[]> => {
    child.kill(signal)
    return await ended
  }
  return {
    /** How many messages or events it has committed. */
    delivered: () => delivered,
    /** How often it was refused because another holder had taken its lease. */
    leasesLost: () => leasesLost,
    /** What it wrote to standard error. */
    errors: () => errors,
    /** Its exit code and signal, once it ends by itself. */
    ended,
    /** `kill -9` */
    kill: () => end('SIGKILL'),
    /** Tells it to end, and returns its exit code and signal. */
    stop: () => end('SIGTERM'),
    untilDelivered: (count: number) =>
      eventually(
        () => delivered,
        (so) => so >= count,
        { withinMs: 60_000 },
      ),
  }
}

export type BridgeProcess = ReturnType<typeof startBridge>
