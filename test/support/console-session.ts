import type { System } from './harness.ts'

/** `URLSearchParams` where a name is sent several times. */
type Form = Record<string, string> | URLSearchParams

type Sent = { method?: string; form?: Form; headers?: Record<string, string> }

/** What a browser sends with a form of the console. */
export const OWN_FORM = {
  'sec-fetch-site': 'same-origin',
  'content-type': 'application/x-www-form-urlencoded',
}

/** Requests of one browser to the console, which follow no redirect. */
export const openConsole = (system: System, cookie = '') => {
  const call = async (path: string, { method = 'GET', form, headers = {} }: Sent = {}) => {
    const response = await system.fetch(path, {
      ...{ method, redirect: 'manual' as const, headers: { cookie, ...headers } },
      ...(form !== undefined && { body: new URLSearchParams(form).toString() }),
    })
    const { status } = response
    return {
      status,
      to: response.headers.get('location'),
      text: await response.text(),
      headers: response.headers,
    }
  }
  return {
    call,
    send: (path: string, form: Form, headers: Record<string, string> = OWN_FORM) =>
      call(path, { method: 'POST', form, headers }),
  }
}

/** The cookie of a new session, as `name=value`, with all that the console said of it. */
export const signIn = async (system: System, key: string) => {
  const { status, headers, to } = await openConsole(system).send('/console/sign-in', { key })
  const said = headers.get('set-cookie') ?? ''
  return { status, to, said, cookie: said.split(';')[0] ?? '' }
}
