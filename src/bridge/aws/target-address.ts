import { type Result, refusal, success } from '../../kernel/result.ts'
import type { TargetAddress } from './targets.ts'

export const endpointOf = (service: 'sns' | 'events', region: string): string =>
  `https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`

/** The region in the address of a queue at AWS, `https://sqs.REGION.amazonaws.com/…`. */
export const regionOfQueue = (queueUrl: string): string | undefined =>
  /^https?:\/\/sqs\.([^./]+)\./.exec(queueUrl)?.[1]

/**
 * Where events go, from one text: the address of a queue of SQS, or the ARN of a topic of SNS or a bus of EventBridge.
 * `region` counts where the text does not tell it. Refused with what to do.
 */
export const readTargetAddress = (text: string, region: string): Result<TargetAddress, string> => {
  const [, service, regionOfArn] = ARN.exec(text) ?? []
  if (service === 'sns' || service === 'events') {
    const there = regionOfArn ?? ''
    return success({ service, name: text, region: there, endpoint: endpointOf(service, there) })
  }
  if (!QUEUE_URL.test(text) || !URL.canParse(text)) return refusal(WANTED)
  const ofQueue = regionOfQueue(text) ?? region
  if (ofQueue === '') return refusal('does not tell its region: set BRIDGE_AWS_REGION')
  return success({ service: 'sqs', name: text, region: ofQueue, endpoint: new URL(text).origin })
}

const ARN = /^arn:[a-z-]+:(sns|events):([a-z0-9-]+):\d+:[^\s]+$/

/** Without encryption only on this machine, where tests have an SQS of their own. */
const QUEUE_URL = /^(?:https:\/\/|http:\/\/(?:127\.0\.0\.1|localhost):)[^\s?#]+\/[^\s/?#]+$/

const WANTED =
  'must be the https address of a queue of SQS, or the ARN of a topic of SNS or of a bus of EventBridge'
