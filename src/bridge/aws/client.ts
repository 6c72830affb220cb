import { AwsClient } from 'aws4fetch'
import { z } from 'zod'
import { noResponseFrom } from '../no-response.ts'
import { Stop } from '../ports.ts'

export type AwsKey = { accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined }

export type AwsSettings = AwsKey & {
  region: string
  /** Where the service is, such as `https://sqs.eu-central-1.amazonaws.com`. */
  endpoint: string
}

/** One call of a service whose protocol is JSON. `target` names it, such as `AmazonSQS.ReceiveMessage`. */
export type JsonCall = <Result>(target: string, input: object, result: z.ZodType<Result>) => Promise<Result>

/** One call of a service whose protocol is a form, such as SNS. The result is XML. */
export type FormCall = (form: URLSearchParams) => Promise<string>

/** SQS waits for at most 20 seconds. */
const TIMEOUT_MS = 60_000

export const jsonCall = (service: 'sqs' | 'events', settings: AwsSettings): JsonCall => {
  const post = poster(service, settings)
  const version = service === 'sqs' ? '1.0' : '1.1'
  return async (target, input, result) => {
    const headers = { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target }
    const body = await post(JSON.stringify(input), headers, jsonFault)
    return result.parse(body === '' ? {} : JSON.parse(body))
  }
}

export const formCall = (service: 'sns', settings: AwsSettings): FormCall => {
  const post = poster(service, settings)
  return (form) =>
    post(form.toString(), { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }, xmlFault)
}

type Fault = { code: string; message: string }

const poster = (service: string, settings: AwsSettings) => {
  const { endpoint, accessKeyId, secretAccessKey, sessionToken, region } = settings
  const client = new AwsClient({
    ...{ accessKeyId, secretAccessKey, service, region, retries: 0 },
    ...(sessionToken && { sessionToken }),
  })
  return async (body: string, headers: Record<string, string>, readFault: (text: string) => Fault) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const response = await client
      .fetch(`${endpoint}/`, { method: 'POST', body, headers, signal })
      .catch(noResponseFrom(endpoint))
    const text = await response.text()
    if (response.ok) return text
    throw failure(response.status, readFault(text))
  }
}

const failure = (status: number, { code, message }: Fault): Error => {
  const said = `AWS responded ${status} ${code}: ${message}`
  const advice = ADVICE.find(({ codes }) => codes.test(code))?.advice
  return advice === undefined ? new Error(said) : new Stop(said, advice)
}

const ADVICE = [
  {
    codes: /ExpiredToken/,
    advice: 'Start the bridge again with new credentials in AWS_ACCESS_KEY_ID and AWS_SESSION_TOKEN.',
  },
  {
    codes: /AccessDenied|UnrecognizedClient|InvalidClientTokenId|SignatureDoesNotMatch|InvalidSignature/,
    advice:
      'Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and the region, and what the key may do: docs/bridges.md names it.',
  },
  {
    codes: /QueueDoesNotExist|NonExistentQueue|NotFound|ResourceNotFound/,
    advice: 'Check its address and the region.',
  },
]

const jsonFaultSchema = z.looseObject({
  __type: z.string().default('without a code'),
  message: z.string().optional(),
  Message: z.string().optional(),
})

/** `__type` is `namespace#Code`. */
const jsonFault = (text: string): Fault => {
  const { data } = jsonFaultSchema.safeParse(parsed(text))
  if (data === undefined) return { code: 'without JSON', message: text.slice(0, TEXT_SHOWN) }
  return {
    code: data.__type.replace(/^.*#/, ''),
    message: data.message ?? data.Message ?? 'no message',
  }
}

const TEXT_SHOWN = 200

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const xmlFault = (text: string): Fault => ({
  code: /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? 'without a code',
  message: /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? text.slice(0, TEXT_SHOWN),
})
