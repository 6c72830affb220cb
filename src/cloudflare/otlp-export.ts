import { z } from 'zod'
import type { Span, Trace } from '../contracts/http/trace.ts'
import { SECOND_MS } from '../kernel/instant.ts'
import { attribute, type SpanExport } from '../messaging/spans.ts'

/** A receiver that takes longer loses these spans. */
const EXPORT_MS_MAX = 5 * SECOND_MS

/** The names of OpenTelemetry's own settings. The headers are a secret: `name=value,name=value`. */
const settingsSchema = z.object({
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }),
  OTEL_EXPORTER_OTLP_HEADERS: z.string().default(''),
})

type Settings = z.infer<typeof settingsSchema>

const known = new WeakMap<object, Settings | undefined>()

const settingsOf = (env: object): Settings | undefined => {
  if (!known.has(env)) known.set(env, settingsSchema.safeParse(env).data)
  return known.get(env)
}

/** Gathers the spans of one invocation, and sends them at its end. Undefined where no receiver is set. */
export const createSpanExport = (
  env: object,
  service: string,
): (SpanExport & { send(): Promise<void> }) | undefined => {
  const settings = settingsOf(env)
  if (settings === undefined) return undefined
  const spans: Span[] = []
  return {
    now: Date.now,
    add: (more) => void spans.push(...more),
    send: async () => {
      if (spans.length > 0) await post(settings, traceOfService(service, spans))
    },
  }
}

/** A receiver that is down loses spans. Nothing is sent again, and no order knows of it. */
const post = async (settings: Settings, trace: Trace): Promise<void> => {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: headers } = settings
  try {
    const response = await fetch(`${endpoint.replace(/\/$/, '')}/v1/traces`, {
      method: 'POST',
      headers: { ...headersIn(headers), 'content-type': 'application/json' },
      body: JSON.stringify(trace),
      signal: AbortSignal.timeout(EXPORT_MS_MAX),
    })
    await response.body?.cancel()
  } catch {
    // Dropped: see above.
  }
}

const headersIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split(',')
      .map((pair) => pair.trim().split(/=(.*)/s))
      .flatMap(([name = '', value]) =>
        name && value !== undefined ? [[name, decodeURIComponent(value)]] : [],
      ),
  )

const traceOfService = (service: string, spans: Span[]): Trace => ({
  resourceSpans: [
    {
      resource: { attributes: [attribute('service.name', service)] },
      scopeSpans: [{ scope: { name: 'edge-orders' }, spans }],
    },
  ],
})
