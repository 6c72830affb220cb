import { Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs'
import type { Settings } from '../adapter.ts'
import { contentOf } from '../file-content.ts'
import { UsageError } from '../usage-error.ts'

export const KAFKA_FLAGS = [
  'brokers',
  'topic',
  'group',
  'from',
  'preset',
  'sasl',
  'tls',
  'ca',
  'cert',
  'cert-key',
] as const

export const KAFKA_HELP = `  --brokers HOST:PORT,…   where to begin; the brokers name the others
  --topic TOPIC           order-placed for --in, edge-orders.orders or edge-orders.products for --out, if not given
  --group GROUP           --in: the consumer group, edge-orders if not given
  --from oldest|newest    --in: where a new group begins: with all that the topic keeps (oldest, if not given), or
                          with what comes after the start
  --sasl MECHANISM        plain, scram-sha-256 or scram-sha-512, with KAFKA_USERNAME and KAFKA_PASSWORD
  --tls on|off            on with --ca, --cert or --preset, else off
  --ca FILE               the certificate of a private authority, as PEM
  --cert FILE --cert-key FILE
                          the client's certificate and its key, for mutual TLS
  --preset event-hubs     Azure Event Hubs by its Kafka endpoint, with EVENT_HUBS_CONNECTION_STRING. Not tested
                          against the real service`

/** The client library, and what it reads or writes. Throws a `UsageError` for settings that cannot be. */
export const kafkaSettings = ({ flags, environment }: Settings, usualTopic: string) => {
  const reach = reachOf({ flags, environment })
  return {
    client: new Kafka({ ...PATIENCE, ...reach, clientId: 'edge-orders-bridge', logLevel: logLevel.NOTHING }),
    topic: flags['topic'] || usualTopic,
    group: flags['group'] || 'edge-orders',
    isFromOldest: oneOf(['oldest', 'newest'], flags['from'] || 'oldest', '--from') === 'oldest',
  }
}

/** The bridge itself tries again, and says so. The library gives up soon. */
const PATIENCE = {
  connectionTimeout: 5_000,
  requestTimeout: 15_000,
  retry: { retries: 2, initialRetryTime: 200 },
} satisfies Partial<KafkaConfig>

type Reach = Pick<KafkaConfig, 'brokers' | 'ssl'> & { sasl?: SASLOptions }

const reachOf = (settings: Settings): Reach => {
  const { flags } = settings
  if (flags['preset']) return presetReach(settings)
  const brokers = (flags['brokers'] ?? '').split(',').filter((broker) => broker !== '')
  if (brokers.length === 0)
    throw new UsageError('--brokers is missing, such as --brokers kafka.example.com:9092.')
  const sasl = saslOf(settings)
  return { brokers, ssl: sslOf(flags), ...(sasl && { sasl }) }
}

const presetReach = ({ flags, environment }: Settings): Reach => {
  oneOf(['event-hubs'], flags['preset'] ?? '', '--preset')
  const connection = environment['EVENT_HUBS_CONNECTION_STRING'] ?? ''
  const host = /(?:^|;)Endpoint=sb:\/\/([^/;]+)/.exec(connection)?.[1]
  if (host === undefined) {
    throw new UsageError(
      'EVENT_HUBS_CONNECTION_STRING is missing, or has no Endpoint=sb://…: copy the connection string of a shared access policy.',
    )
  }
  return {
    brokers: [`${host}:9093`],
    ssl: true,
    sasl: { mechanism: 'plain', username: '$ConnectionString', password: connection },
  }
}

const saslOf = ({ flags, environment }: Settings): SASLOptions | undefined => {
  if (!flags['sasl']) return undefined
  const mechanism = oneOf(['plain', 'scram-sha-256', 'scram-sha-512'], flags['sasl'], '--sasl')
  const { KAFKA_USERNAME: username, KAFKA_PASSWORD: password } = environment
  if (!username || !password) {
    throw new UsageError('--sasl needs the variables KAFKA_USERNAME and KAFKA_PASSWORD.')
  }
  return { mechanism, username, password }
}

const sslOf = (flags: Settings['flags']): Exclude<KafkaConfig['ssl'], undefined> => {
  const { ca, cert, 'cert-key': key } = flags
  if ((cert === undefined) !== (key === undefined)) throw new UsageError('--cert and --cert-key go together.')
  const files = {
    ...(ca && { ca: [contentOf(ca, '--ca')] }),
    ...(cert && { cert: contentOf(cert, '--cert') }),
    ...(key && { key: contentOf(key, '--cert-key') }),
  }
  if (Object.keys(files).length === 0) return oneOf(['on', 'off'], flags['tls'] || 'off', '--tls') === 'on'
  if (flags['tls'] === 'off') throw new UsageError('--tls off contradicts the certificates.')
  return files
}

const oneOf = <Word extends string>(words: readonly Word[], given: string, flag: string): Word => {
  const word = words.find((candidate) => candidate === given)
  if (word === undefined) throw new UsageError(`${flag} takes ${words.join(' or ')}, not "${given}".`)
  return word
}
