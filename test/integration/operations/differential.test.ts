import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, inject, it } from 'vitest'
import { giveClockBack, replay } from '../../support/differential/replay.ts'

const namespace = (env as OperationsEnv).WEBHOOKS

/** Dozens of calls, restarts and alarms, on a machine that does other things too. */
const SCRIPT_MS_MAX = 120_000

afterEach(giveClockBack)

describe('a script leaves in a real partition what it leaves in the simulated one', () => {
  it.each(inject('recorded'))(
    'script $seed',
    async ({ seed, steps, remains }) => {
      const real = await replay('operations', () => namespace.getByName(`operations-script-${seed}`), {
        steps,
      })
      expect(JSON.parse(JSON.stringify(real))).toEqual(remains)
    },
    SCRIPT_MS_MAX,
  )
})
