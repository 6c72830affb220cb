import { execFile } from 'node:child_process'
import { resolve } from 'node:path'

const PROGRAM = resolve(import.meta.dirname, '../../scripts/ops.ts')

export type Ending = { code: number; said: string; complained: string }

/** `npm run ops` as an operator starts it, for the system at this address. */
export const opsOf =
  (address: () => string) =>
  (args: string[], environment: Record<string, string> = {}, input?: string) =>
    new Promise<Ending>((end) => {
      const env = {
        ...process.env,
        ...{ EDGE_ORDERS_URL: address(), EDGE_ORDERS_KEY: 'test-admin-key' },
        ...environment,
      }
      const child = execFile(process.execPath, [PROGRAM, ...args], { env }, (error, said, complained) =>
        end({ code: Number(error?.code ?? 0), said, complained }),
      )
      child.stdin?.end(input)
    })
