import {
  type OperationsApi,
  type WebhooksOfKeys,
  type WebhooksOfKeysRequest,
  webhooksOfKeysSchema,
} from '../../../../src/contracts/webhooks-of-keys.ts'

/** The webhooks that these keys made, disabled or only listed. Undefined where the operations Worker does not reply. */
export const askWebhooksOfKeys = async (
  env: Pick<OrderEnv, 'OPERATIONS'>,
  wanted: WebhooksOfKeysRequest,
): Promise<WebhooksOfKeys | undefined> => {
  try {
    // In the generated types, a binding to a named entrypoint has no methods.
    const operations = env.OPERATIONS as unknown as OperationsApi
    return webhooksOfKeysSchema.parse(await operations.webhooksOfKeys(wanted))
  } catch {
    // The Worker is away, or its version does not have the method yet.
    return undefined
  }
}
