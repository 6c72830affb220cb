import type { Adapter, Settings } from './adapter.ts'
import { contentOf } from './file-content.ts'
import type { RabbitMqAddress } from './rabbitmq/connection.ts'
import { rabbitMqSink } from './rabbitmq/sink.ts'
import { rabbitMqSource } from './rabbitmq/source.ts'
import { UsageError } from './usage-error.ts'

const QUEUE = 'order-placed'

/** RabbitMQ 3.8 and later. */
export const rabbitmq: Adapter = {
  flags: ['url', 'queue', 'rejected', 'exchange', 'ca', 'cert', 'cert-key'],
  help: `  --url URL          such as amqp://broker:5672/vhost, or amqps://; AMQP_URL where it has a password
  --queue NAME       --in: the queue to read, ${QUEUE} if not given
  --rejected NAME    --in: the exchange for messages that are no orders, QUEUE.rejected if not given
  --exchange NAME    --out: the topic exchange to write, edge-orders.orders or edge-orders.products if not given
  --ca FILE          certificates of a private CA
  --cert FILE --cert-key FILE  the client certificate; without a user in the URL it is the user
  What does not exist yet is declared: queues as quorum queues. With --out, a queue must be bound for each type of event.`,
  openSource: (settings) => {
    const { queue = QUEUE, rejected = `${queue}.rejected` } = settings.flags
    return rabbitMqSource({ address: addressOf(settings), queue, rejected })
  },
  openSink: (settings, feed) =>
    rabbitMqSink({
      address: addressOf(settings),
      exchange: settings.flags['exchange'] ?? `edge-orders.${feed}`,
    }),
}

const addressOf = ({ flags, environment }: Settings): RabbitMqAddress => {
  if (flags['url'] !== undefined && urlOf(flags['url'], '--url').password !== '') {
    throw new UsageError('Other users can read a password in --url. Put the address in AMQP_URL.')
  }
  const text = flags['url'] ?? environment['AMQP_URL']
  if (text === undefined) throw new UsageError('Give the address of RabbitMQ with --url or in AMQP_URL.')
  const { username } = urlOf(text, flags['url'] === undefined ? 'AMQP_URL' : '--url')
  return {
    url: text,
    ca: fileOf(flags, 'ca'),
    cert: fileOf(flags, 'cert'),
    key: fileOf(flags, 'cert-key'),
    isCertificateUser: flags['cert'] !== undefined && username === '',
  }
}

/** `from` tells where the address is from. The address itself is not shown, because it may have a password. */
const urlOf = (text: string, from: string): URL => {
  if (URL.canParse(text)) {
    const url = new URL(text)
    if (url.protocol === 'amqp:' || url.protocol === 'amqps:') return url
  }
  throw new UsageError(`${from} is no address of RabbitMQ: it begins with amqp:// or amqps://.`)
}

const fileOf = (flags: Settings['flags'], flag: string): string | undefined => {
  const file = flags[flag]
  return file === undefined ? undefined : contentOf(file, `--${flag}`)
}
