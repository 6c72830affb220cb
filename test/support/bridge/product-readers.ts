import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { connect } from 'amqplib'
import { z } from 'zod'
import { QUORUM_QUEUE } from '../../../scripts/bridge/rabbitmq/source.ts'
import { startMockKafka } from '../mock-kafka.ts'
import { startRabbitMq } from './rabbitmq.ts'
import { sqsQueues, startSqs } from './sqs-queues.ts'

const stateSchema = z.object({
  ...{ type: z.literal('ProductState'), subject: z.string(), sequence: z.string() },
  data: z.object({ onHand: z.number(), available: z.number() }),
})

/** A message about a product. `group` is what keeps its versions in order in the broker, where that has keys. */
export type ProductMessage = z.infer<typeof stateSchema> & { group?: string }

/** A broker that has what a shop would set up for the products: nothing, where the bridge's usual names do. */
export type ProductReader = {
  /** The word of the broker, and its flags. */
  args: string[]
  environment: Record<string, string>
  /** Everything that was published until now, in the broker's sequence. */
  published(): Promise<ProductMessage[]>
  stop(): Promise<void>
}

/** What `kcat -J` prints of a message: headers as names and values in turn. */
const keptSchema = z.object({ key: z.string(), headers: z.array(z.string()), payload: z.string() })

const stateOf = (line: string): ProductMessage => {
  const { key, headers, payload } = keptSchema.parse(JSON.parse(line))
  const attribute = (name: string) => headers[headers.indexOf(`ce_${name}`) + 1]
  const state = { type: attribute('type'), subject: attribute('subject'), sequence: attribute('sequence') }
  return { ...stateSchema.parse({ ...state, data: JSON.parse(payload) }), group: key }
}

export const kafkaProducts = async (): Promise<ProductReader> => {
  const mock = await startMockKafka()
  const read = ['-b', mock.broker, '-C', '-t', 'edge-orders.products', '-o', 'beginning', '-e', '-q', '-J']
  return {
    ...{ args: ['kafka', '--brokers', mock.broker], environment: {} },
    published: async () => {
      const { stdout } = await promisify(execFile)('kcat', read)
      return stdout.split('\n').filter(Boolean).map(stateOf)
    },
    stop: async () => mock.stop(),
  }
}

export const rabbitMqProducts = async (): Promise<ProductReader> => {
  const server = await startRabbitMq()
  const connection = await connect(server.url)
  connection.on('error', () => undefined)
  const channel = await connection.createChannel()
  const exchange = 'edge-orders.products'
  await channel.assertExchange(exchange, 'topic')
  const { queue } = await channel.assertQueue('products', QUORUM_QUEUE)
  await channel.bindQueue(queue, exchange, 'ProductState')
  const messages: ProductMessage[] = []
  await channel.consume(
    queue,
    (message) => messages.push(stateSchema.parse(JSON.parse(String(message?.content)))),
    { noAck: true },
  )
  return {
    ...{ args: ['rabbitmq'], environment: { AMQP_URL: server.url } },
    published: async () => messages,
    stop: async () => {
      await connection.close()
      await server.stop()
    },
  }
}

export const sqsProducts = async (): Promise<ProductReader> => {
  const server = await startSqs()
  const queues = await sqsQueues(server)
  return {
    ...{ args: ['sqs', ...queues.flagsOut], environment: queues.environment },
    published: async () => (await queues.published()).map((body) => stateSchema.parse(JSON.parse(body))),
    stop: async () => {
      await server.stop()
    },
  }
}
