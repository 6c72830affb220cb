import type { Check } from '../../../src/cloudflare/checks.ts'
import { rearmEach } from '../../../src/cloudflare/rearm.ts'
import type { OrderSettings } from '../settings.ts'
import type { BridgeObject } from './bridge-object.ts'

/** Deployments with a bridge have the class in wrangler.toml; others need not. */
type BridgeBinding = { BRIDGE?: DurableObjectNamespace<BridgeObject> }

const NAME = 'bridge'

/** The bridge, to be rearmed as partitions are. Empty where the deployment has none: then no object begins to exist. */
export const bridgesOf = (env: OrderEnv, { bridge }: Pick<OrderSettings, 'bridge'>) => {
  const { BRIDGE: namespace } = env as BridgeBinding
  if (bridge?.key === undefined || namespace === undefined) return []
  return [{ name: NAME, rearm: async () => await namespace.getByName(NAME).rouse() }]
}

/** Why nothing reaches the target. Orders go on, so it is no problem of readiness. */
export const bridgeWarnings = async (
  env: OrderEnv,
  settings: Pick<OrderSettings, 'bridge'>,
  check: Check,
): Promise<string[]> => {
  if (settings.bridge === undefined) return []
  const missing = [
    ...('BRIDGE' in env ? [] : [CLASS_MISSING]),
    ...(settings.bridge.key === undefined ? [KEY_MISSING] : []),
  ]
  if (missing.length > 0) return missing.map((what) => `BRIDGE_TARGET gets no events: ${what}`)
  const findings = await rearmEach(bridgesOf(env, settings), check)
  return findings.map((finding) => (typeof finding === 'string' ? finding : finding.problem))
}

const CLASS_MISSING =
  'wrangler.toml has the class BridgeObject only in comments. Take the hashes away, and deploy'

const KEY_MISSING =
  '`npx wrangler secret put AWS_ACCESS_KEY_ID` and `npx wrangler secret put AWS_SECRET_ACCESS_KEY` set its key'
