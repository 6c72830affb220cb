import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'

/** The body of a request: read once, parsed once, and handed on. */
export type RequestBody = { text: string; value: unknown; mediaType: string | undefined }

/** For the middleware that reads and checks the body. */
export const setBody = (c: Context, body: RequestBody): void => c.set('body', body)

/** The body that was read and checked before. An inner Worker reads it here, after the edge has checked it. */
export const bodyOf = async (c: Context): Promise<RequestBody> => {
  const known: RequestBody | undefined = c.get('body')
  if (known !== undefined) return known
  const text = await c.req.text()
  const body = { text, value: parse(text), mediaType: mediaTypeOf(c.req.header('content-type')) }
  setBody(c, body)
  return body
}

/** `application/json; charset=utf-8` → `application/json`. */
export const mediaTypeOf = (contentType: string | undefined): string | undefined =>
  contentType?.split(';', 1)[0]?.trim().toLowerCase()

const parse = (text: string): unknown => {
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new HTTPException(400, { message: 'The body cannot be read as JSON.', cause })
  }
}
