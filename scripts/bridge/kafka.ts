import type { Adapter } from './adapter.ts'
import { KAFKA_FLAGS, KAFKA_HELP, kafkaSettings } from './kafka/settings.ts'
import { kafkaSink } from './kafka/sink.ts'
import { kafkaSource } from './kafka/source.ts'

export const kafka: Adapter = {
  flags: KAFKA_FLAGS,
  help: KAFKA_HELP,
  openSource: (settings) => {
    const { client, topic, group, isFromOldest } = kafkaSettings(settings, 'order-placed')
    return kafkaSource(client, { topic, group, isFromOldest })
  },
  openSink: (settings, feed) => {
    const { client, topic } = kafkaSettings(settings, `edge-orders.${feed}`)
    return kafkaSink(client, topic)
  },
}
