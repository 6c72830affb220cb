import type { Adapter, Settings } from './adapter.ts'
import { type AwsSettings, formCall, jsonCall } from './aws/client.ts'
import { awsSink } from './aws/sink.ts'
import { sqsSource } from './aws/sqs-source.ts'
import { eventBridgeTarget, snsTarget, sqsTarget, type Target } from './aws/targets.ts'
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
    return sqsSource({ call: sqsCall(queueUrl, settings), queueUrl })
  },
  openSink: (settings) => awsSink(targetOf(settings)),
}

const targetOf = (settings: Settings): Target => {
  const { 'queue-url': queueUrl, 'topic-arn': topicArn, 'event-bus': bus } = settings.flags
  if ([queueUrl, topicArn, bus].filter((given) => given !== undefined).length !== 1) {
    throw new UsageError('Give one place for the events: --queue-url, --topic-arn or --event-bus.')
  }
  if (queueUrl !== undefined) return sqsTarget(sqsCall(queueUrl, settings), queueUrl)
  if (topicArn !== undefined) {
    return snsTarget(formCall('sns', regional('sns', settings, topicArn.split(':')[3])), topicArn)
  }
  return eventBridgeTarget(jsonCall('events', regional('events', settings)), bus ?? '')
}

/** The address of a queue tells the endpoint, and at AWS the region: `https://sqs.REGION.amazonaws.com/…`. */
const sqsCall = (queueUrl: string, settings: Settings) => {
  if (!URL.canParse(queueUrl)) throw new UsageError(`--queue-url is no address: ${queueUrl}`)
  const { origin, hostname } = new URL(queueUrl)
  const [, region] = /^sqs\.([^.]+)\./.exec(hostname) ?? []
  return jsonCall(
    'sqs',
    awsSettings(settings, () => origin, region),
  )
}

const regional = (service: 'sns' | 'events', settings: Settings, region?: string): AwsSettings =>
  awsSettings(settings, (of) => `https://${service}.${of}.amazonaws.com`, region)

const awsSettings = (
  { flags, environment }: Settings,
  endpointIn: (region: string) => string,
  regionOfAddress?: string,
): AwsSettings => {
  const region =
    flags['region'] ?? regionOfAddress ?? environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION']
  if (!region) throw new UsageError('Give the region with --region or in AWS_REGION.')
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment
  if (!accessKeyId || !secretAccessKey) {
    throw new UsageError('Put the key of AWS in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.')
  }
  const endpoint = (flags['endpoint'] ?? endpointIn(region)).replace(/\/$/, '')
  return { accessKeyId, secretAccessKey, sessionToken: environment['AWS_SESSION_TOKEN'], region, endpoint }
}
