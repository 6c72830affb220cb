import { startMiniflare } from './miniflare.ts'
import { VARIANTS } from './variants/variants.ts'

/**
 * Serves one variant until it is killed: `node bench/serve.ts VARIANT FOLDER [INSPECTOR-PORT] [RECEIVER-URL]`. It runs
 * in a process of its own, so that its processor time can be told from the load generator's. Prints its addresses as one line of JSON.
 */
const serve = async (
  variantName: string,
  stateFolder: string,
  { inspectorPort, receiverUrl }: { inspectorPort: string; receiverUrl: string },
): Promise<void> => {
  const variant = VARIANTS.find(({ name }) => name === variantName)
  if (variant === undefined) throw new Error(`There is no variant ${variantName}.`)
  const workers = variant.workers(receiverUrl === '' ? undefined : receiverUrl)
  const inspector = inspectorPort === '' ? {} : { inspectorPort: Number(inspectorPort) }
  const miniflare = await startMiniflare(workers, { stateFolder, isCounted: false, ...inspector })
  const entry = await miniflare.ready
  const direct = await miniflare.unsafeGetDirectURL(workers[0]?.name)
  console.log(JSON.stringify({ entry: entry.href, direct: direct.href } satisfies Addresses))
}

export type Addresses = { entry: string; direct: string }

const [, , variantName = '', stateFolder = '', inspectorPort = '', receiverUrl = ''] = process.argv
await serve(variantName, stateFolder, { inspectorPort, receiverUrl })
