import { type Channel, type ChannelModel, type ConfirmChannel, connect, credentials } from 'amqplib'
import { Stop } from '../../../src/bridge/ports.ts'

export type RabbitMqAddress = {
  /** `amqp:` or `amqps:`, with user, password and virtual host where there are any. */
  url: string
  /** PEM */
  ca?: string | undefined
  cert?: string | undefined
  key?: string | undefined
  /** Whether the client certificate is the user (the mechanism EXTERNAL). */
  isCertificateUser?: boolean
}

/** A connection with one channel that confirms publications. */
export type Connection = {
  channel: ConfirmChannel
  /** Rejects once the connection or the channel ended. */
  ended: Promise<never>
  isOpen(): boolean
  /** Ends the connection with a fault of our own. */
  fail(error: Error): void
  close(): Promise<void>
}

/** What is declared where a name does not exist yet. What exists is taken as it is. */
export type Topology = {
  /** Whether it exists, without changing anything. Rejects with code 404 where it does not. */
  check(channel: Channel): Promise<unknown>
  declare(channel: Channel): Promise<unknown>
}

export const openConnection = async (
  address: RabbitMqAddress,
  topology: readonly Topology[],
): Promise<Connection> => {
  const { url, isCertificateUser, ...tls } = address
  const model = await connect(url, {
    ...tls,
    ...(isCertificateUser && { credentials: credentials.external() }),
    timeout: CONNECT_TIMEOUT_MS,
    clientProperties: { connection_name: 'edge-orders bridge' },
  }).catch((error: unknown) => refuse(error, `RabbitMQ at ${new URL(url).host} takes no connection`))
  const { ended, isOpen, fail } = endOf(model)
  const connection = { ended, isOpen, fail, close: () => close(model) }
  try {
    for (const part of topology) await provide(model, part)
    const channel = await model.createConfirmChannel()
    channel.on('error', fail)
    channel.on('close', () => fail(new Error('RabbitMQ closed the channel.')))
    return { ...connection, channel, close: () => close(model, channel) }
  } catch (error) {
    await connection.close()
    return refuse(error)
  }
}

const CONNECT_TIMEOUT_MS = 10_000

const endOf = (model: ChannelModel): Pick<Connection, 'ended' | 'isOpen' | 'fail'> => {
  const { promise: ended, reject: fail } = Promise.withResolvers<never>()
  let isOpen = true
  ended.catch(() => {
    isOpen = false
  })
  model.on('error', (error) => fail(inWords('The connection to RabbitMQ is lost', error)))
  model.on('close', () => fail(new Error('The connection to RabbitMQ was closed.')))
  return { ended, isOpen: () => isOpen, fail }
}

/** A refused check ends its channel, so each has one of its own. */
const provide = async (model: ChannelModel, { check, declare }: Topology): Promise<void> => {
  if (await onChannel(model, check)) return
  await onChannel(model, declare)
}

/** Whether it was found. */
const onChannel = async (
  model: ChannelModel,
  action: (channel: Channel) => Promise<unknown>,
): Promise<boolean> => {
  const channel = await model.createChannel()
  channel.on('error', () => undefined)
  try {
    await action(channel)
    await channel.close()
    return true
  } catch (error) {
    if (codeOf(error) === NOT_FOUND) return false
    throw error
  }
}

/** The library's own messages do not say what they are about: "Unexpected close". */
const inWords = (happened: string, error: unknown): Error =>
  new Error(`${happened}: ${messageOf(error)}`, { cause: error })

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** The codes of AMQP. */
const ACCESS_REFUSED = 403
const NOT_FOUND = 404

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined

/** A user that may not do this will not be able to a moment later. Of any other fault it is said what happened. */
const refuse = (error: unknown, happened = 'RabbitMQ refuses a name'): never => {
  const message = messageOf(error)
  if (codeOf(error) !== ACCESS_REFUSED && !/\b403\b|ACCESS.REFUSED/.test(message))
    throw inWords(happened, error)
  throw new Stop(
    `RabbitMQ refuses the user of this address: ${message}`,
    'Check the user, the password and the virtual host in AMQP_URL, and what the user may do: docs/bridges.md names it.',
  )
}

/**
 * The channel first: what was sent on it has then been handled. A broker that does not answer may not hold up the end of a
 * bridge.
 */
const close = async (model: ChannelModel, channel?: Channel): Promise<void> => {
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, CLOSE_TIMEOUT_MS)
  const closed = (async () => {
    await channel?.close().catch(() => undefined)
    await model.close().catch(() => undefined)
  })()
  await Promise.race([closed, late])
  clearTimeout(timer)
}

const CLOSE_TIMEOUT_MS = 5_000
