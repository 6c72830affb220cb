import { type AwsKey, jsonCall } from '../../src/bridge/aws/client.ts'
import { awsSink } from '../../src/bridge/aws/sink.ts'
import { endpointOf, regionOfQueue } from '../../src/bridge/aws/target-address.ts'
import { openTarget, type Target, type TargetAddress } from '../../src/bridge/aws/targets.ts'
import { sha256 } from '../../src/cloudflare/sha256.ts'
import type { Adapter, Settings } from './adapter.ts'
import { sqsSource } from './aws/sqs-source.ts'
import { UsageError } from './usage-error.ts'

/** SQS, and for `--out` also SNS and EventBridge. */
export const sqs: Adapter = {
  flags: ['queue-url', 'topic-arn', 'event-bus', 'region', 'endpoint'],
  help: `  --queue-url URL    the queue; a FIFO queue (.fifo) keeps the order of each order's events, others keep no order
  --topic-arn ARN    --out, instead of a queue: a topic of SNS; no order, unless it and its queues are FIFO
  --event-bus NAME   --out, instead of a queue: a bus of EventBridge; no order
  --region NAME      where the address does not tell it; AWS_REGION, too
  --endpoint URL     another address of the service, such as a VPC endpoint
  AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are in the environment, and AWS_SESSION_TOKEN where the key has one.`,
  openSource: (settings) => {
    const queueUrl = settings.flags['queue-url']
    if (queueUrl === undefined) throw new UsageError('Give the queue to read with --queue-url.')
    const { region, endpoint } = queueAt(queueUrl, settings)
    return sqsSource({ call: jsonCall('sqs', { ...keyIn(settings), region, endpoint }), queueUrl })
  },
  openSink: (settings) => awsSink(targetOf(settings)),
}

const targetOf = (settings: Settings): Target => {
  const address = addressOf(settings)
  return openTarget(address, keyIn(settings), sha256)
}

const addressOf = (settings: Settings): TargetAddress => {
  const { 'queue-url': queueUrl, 'topic-arn': topicArn, 'event-bus': bus } = settings.flags
  if ([queueUrl, topicArn, bus].filter((given) => given !== undefined).length !== 1) {
    throw new UsageError('Give one place for the events: --queue-url, --topic-arn or --event-bus.')
  }
  if (queueUrl !== undefined) return queueAt(queueUrl, settings)
  if (topicArn !== undefined) return regional('sns', topicArn, settings, topicArn.split(':')[3])
  return regional('events', bus ?? '', settings)
}

const queueAt = (queueUrl: string, settings: Settings): TargetAddress => {
  if (!URL.canParse(queueUrl)) throw new UsageError(`--queue-url is no address: ${queueUrl}`)
  const endpoint = endpointIn(settings) ?? new URL(queueUrl).origin
  const region = regionIn(settings, regionOfQueue(queueUrl))
  return { service: 'sqs', name: queueUrl, region, endpoint }
}

const regional = (
  service: 'sns' | 'events',
  name: string,
  settings: Settings,
  regionOfName?: string,
): TargetAddress => {
  const region = regionIn(settings, regionOfName)
  return { service, name, region, endpoint: endpointIn(settings) ?? endpointOf(service, region) }
}

const endpointIn = ({ flags }: Settings): string | undefined => flags['endpoint']?.replace(/\/$/, '')

const regionIn = ({ flags, environment }: Settings, regionOfName: string | undefined): string => {
  const region =
    flags['region'] ?? regionOfName ?? environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION']
  if (!region) throw new UsageError('Give the region with --region or in AWS_REGION.')
  return region
}

const keyIn = ({ environment }: Settings): AwsKey => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment
  if (!accessKeyId || !secretAccessKey) {
    throw new UsageError('Put the key of AWS in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.')
  }
  return { accessKeyId, secretAccessKey, sessionToken: environment['AWS_SESSION_TOKEN'] }
}
