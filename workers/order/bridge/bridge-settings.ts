import { z } from 'zod'
import type { AwsKey } from '../../../src/bridge/aws/client.ts'
import { readTargetAddress } from '../../../src/bridge/aws/target-address.ts'
import type { TargetAddress } from '../../../src/bridge/aws/targets.ts'
import { nameField } from '../../../src/contracts/fields.ts'
import { type Result, refusal, success } from '../../../src/kernel/result.ts'

/** The settings of the bridge that runs here. Without a target there is none. */
export const bridgeFields = {
  BRIDGE_TARGET: z.string().trim().default(''),
  BRIDGE_AWS_REGION: z.string().trim().default(''),
  BRIDGE_CONSUMER: nameField.default('bridge'),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
}

const fieldsSchema = z.object(bridgeFields)

export type BridgeSettings = {
  address: TargetAddress
  /** The consumer of the feed that keeps the position. */
  consumer: string
  /** Undefined where a secret is missing: nothing is delivered then, and orders go on. */
  key: AwsKey | undefined
}

export const bridgeSettings = (
  fields: z.infer<typeof fieldsSchema>,
): Result<BridgeSettings | undefined, string> => {
  const { BRIDGE_TARGET: target, BRIDGE_AWS_REGION: region, BRIDGE_CONSUMER: consumer } = fields
  if (target === '') return success(undefined)
  const address = readTargetAddress(target, region)
  if (!address.ok) return refusal(`BRIDGE_TARGET ${address.reason}`)
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = fields
  const key = accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined
  return success({ address: address.value, consumer, key })
}
