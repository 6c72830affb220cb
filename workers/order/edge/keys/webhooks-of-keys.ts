import {
  type OperationsApi,
  type WebhooksOfKeys,
  type WebhooksOfKeysRequest,
  webhooksOfKeysSchema,
} from '../../../../src/contracts/webhooks-of-keys.ts'

/** The webhooks that keys made, disabled or only named. Undefined where the operations Worker does not say. */
export const askWebhooksOfKeys = async (
  env: Pick<OrderEnv, 'OPERATIONS'>,
  wanted: WebhooksOfKeysRequest,
): Promise<WebhooksOfKeys | undefined> => {
  try {
    // As the generated types have it, a binding to a named entrypoint has no methods.
    const operations = env.OPERATIONS as unknown as OperationsApi
    return webhooksOfKeysSchema.parse(await operations.webhooksOfKeys(wanted))
  } catch {
    // It is away, or of a version that does not know the method yet.
    return undefined
  }
}
