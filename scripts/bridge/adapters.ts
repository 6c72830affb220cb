import type { Adapter } from './adapter.ts'
import { kafka } from './kafka.ts'
import { rabbitmq } from './rabbitmq.ts'
import { sqs } from './sqs.ts'

/** By the word after `npm run bridge --`. */
export const ADAPTERS: Readonly<Record<string, Adapter>> = { kafka, rabbitmq, sqs }
