import {
  contradictionIn,
  type FixedSetting,
  isRemembered,
  type OpenSetting,
  rememberedValue,
  rememberSetting,
  valueOfSystem,
} from '../messaging/fixed-setting.ts'
import type { Log, PartitionHost } from '../messaging/partition.ts'
import { within } from './within.ts'

/** A start of a partition may take this long on the other side of the world. A caller waits no longer. */
const REPLY_MS_MAX = 5_000

/**
 * The first partition of a kind. It exists under every value of a setting, so it knows the value that the system ran with,
 * also on behalf of partitions that never ran.
 */
export type Witness = {
  /** Remembers the value; rejects where it remembers one that forbids it. */
  keepTo(value: string): Promise<void>
}

/** The same for a setting that may be left open. */
export type OpenWitness = Witness & {
  /** The value that the system runs with. */
  remembered(): Promise<string>
}

type Namespace<Asked extends Witness = Witness> = {
  idFromName(name: string): DurableObjectId
  getByName(name: string): Asked
}

type Kept<Setting, Asked extends Witness> = {
  host: Pick<PartitionHost, 'sql' | 'turn'>
  setting: Setting
  namespace: Namespace<Asked>
  first: string
}

/**
 * For the constructor of a Durable Object, before it writes anything: throws where its own memory forbids the setting.
 * The constructor calls the returned function once its tables exist. A value that is new to this partition is then
 * compared with the witness's memory, once, and nothing else happens before the reply.
 */
export const keepSetting = (
  ctx: DurableObjectState,
  { host, setting, namespace, first }: Kept<FixedSetting, Witness>,
) => {
  const isKnown = isRemembered(host.sql, setting)
  return (): void => {
    if (isKnown) return
    if (ctx.id.equals(namespace.idFromName(first))) {
      rememberSetting(host, setting)
      return
    }
    const ask = async () => {
      await askWitness(namespace.getByName(first), setting)
      rememberSetting(host, setting)
    }
    // After a failure the platform starts the object anew, and its callers get the error.
    ctx.blockConcurrencyWhile(ask).catch(() => {})
  }
}

/**
 * The same for a setting that may be left open. A partition that ran before keeps to its value. The first partition of a
 * new system chooses one, and every other partition takes it over from there.
 */
export const keepOpenSetting = (
  ctx: DurableObjectState,
  { setting, ...kept }: Kept<FixedSetting | OpenSetting, OpenWitness>,
) => {
  if ('value' in setting) return keepSetting(ctx, { setting, ...kept })
  const { host, namespace, first } = kept
  const isFirst = ctx.id.equals(namespace.idFromName(first))
  const own = isFirst ? valueOfSystem(host.sql, setting) : rememberedValue(host.sql, setting.key)
  const remember = (value: string) => rememberSetting(host, setting.withValue(value))
  return (): void => {
    if (own !== undefined) {
      remember(own)
      return
    }
    const ask = async () => remember(await askRemembered(namespace.getByName(first), setting))
    ctx.blockConcurrencyWhile(ask).catch(() => {})
  }
}

/** The value that the system runs with. Rejects where the witness does not reply: no other value is a good guess. */
export const askRemembered = async (
  witness: OpenWitness,
  { key }: Pick<OpenSetting, 'key'>,
): Promise<string> => {
  try {
    return await within(REPLY_MS_MAX, 'the first partition', witness.remembered())
  } catch (error) {
    throw new Error(`${UNANSWERED} about ${key}: ${error}`, { cause: error })
  }
}

const askWitness = async (witness: Witness, { name, value }: FixedSetting): Promise<void> => {
  const what = `The first partition was asked about ${name}, and`
  try {
    await within(REPLY_MS_MAX, what, witness.keepTo(value))
  } catch (error) {
    throw contradictionIn(error) === undefined ? new Error(`${UNANSWERED} about ${name}: ${error}`) : error
  }
}

/** The beginning of an error that passes by itself. */
export const UNANSWERED = 'The first partition did not answer'

/** The same in our own words, without the words of the platform. */
export const unansweredIn = (error: unknown): string | undefined => UNANSWERED_ABOUT.exec(String(error))?.[0]

const UNANSWERED_ABOUT = new RegExp(`${UNANSWERED} about \\w+`)

/**
 * For a Worker in front of partitions: throws where the witness forbids the setting. The witness is asked until it has
 * agreed once in the life of this isolate. Where it does not reply the work goes on: every partition also checks itself.
 */
export const createSettingCheck = (log: Log) => {
  const agreed = new WeakSet<object>()
  return async (
    namespace: Pick<Namespace, 'getByName'>,
    first: string,
    setting: FixedSetting,
  ): Promise<void> => {
    if (agreed.has(namespace)) return
    try {
      await askWitness(namespace.getByName(first), setting)
      agreed.add(namespace)
    } catch (error) {
      if (contradictionIn(error) !== undefined) throw error
      log('warn', 'the first partition could not be asked about a setting', { error: String(error) })
    }
  }
}

export type SettingCheck = ReturnType<typeof createSettingCheck>

/** The witness's objection to a setting. Undefined where it has none. */
export const objectionTo = async (witness: Witness, setting: FixedSetting): Promise<string | undefined> => {
  try {
    await askWitness(witness, setting)
    return undefined
  } catch (error) {
    return contradictionIn(error)
  }
}
