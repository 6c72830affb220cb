import { orNothing } from '../../../src/cloudflare/metrics.ts'
import {
  type ProductConsumers,
  type ProductLag,
  type ProductStart,
  productCursorSchema,
  productLagsSchema,
} from '../../../src/contracts/product-consumers.ts'
import type { FeedConsumer } from '../../../src/order/feed-consumer.ts'

/** In the generated types, a binding to a named entrypoint has no methods. */
const inventoryOf = ({ INVENTORY }: OrderEnv) => INVENTORY as unknown as ProductConsumers

/** The cursor of a consumer of the product feed that begins there. Fails where inventory does not answer. */
export const productCursorAt = async (env: OrderEnv, start: ProductStart): Promise<string> =>
  productCursorSchema.parse(await inventoryOf(env).productCursorAt(start))

/** The lag of each consumer of the product feed. Empty where inventory does not answer. */
export const measureProductConsumers = async (
  env: OrderEnv,
  consumers: readonly FeedConsumer[],
): Promise<readonly ProductLag[]> => {
  const cursors = consumers.map(({ cursor }) => cursor)
  const measured = async () => productLagsSchema.parse(await inventoryOf(env).productLags(cursors))
  return (await orNothing(measured())) ?? []
}
