import type { Context } from 'hono'

/**
 * The body, or the event that it is the data of: in CloudEvents' binary mode the attributes come as `ce-` headers
 * (CloudEvents 1.0.2, HTTP Protocol Binding, 3.1).
 */
export const eventsOfRequest = async (c: Context): Promise<unknown> => {
  const body: unknown = await c.req.json()
  const isStructured = /^application\/cloudevents/i.test(c.req.header('content-type') ?? '')
  if (isStructured || c.req.header('ce-specversion') === undefined) return body
  const attributes = [...c.req.raw.headers].flatMap(([name, value]) =>
    name.startsWith('ce-') ? [[name.slice('ce-'.length), value]] : [],
  )
  return { ...Object.fromEntries(attributes), data: body }
}
