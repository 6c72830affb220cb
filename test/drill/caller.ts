/** The status and body of a response; the caller checks both. */
export type CallResponse = { status: number; body: Record<string, unknown>; tookMs: number }

export type Call = (method: string, path: string, body?: unknown) => Promise<CallResponse>

export const createCall =
  (url: string, key: string): Call =>
  async (method, path, body) => {
    const startedAt = performance.now()
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      body: JSON.parse(text) as Record<string, unknown>,
      tookMs: performance.now() - startedAt,
    }
  }

export const oneOf = (productId: string) => ({ items: [{ productId, quantity: 1 }] })
