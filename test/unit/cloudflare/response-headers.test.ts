import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { responseHeaders } from '../../../src/cloudflare/http/response-headers.ts'

const served = async (response: Response) => {
  const made: Response[] = []
  const app = new Hono()
  app.use(async (c, next) => {
    await next()
    responseHeaders(c).set('x-mark', 'set')
    made.push(c.res)
  })
  app.get('/', () => response)
  await app.request('/')
  return made[0]
}

it('changes the headers of a response of our own in place', async () => {
  const response = new Response('tea', { headers: { 'x-own': '1' } })
  expect(await served(response)).toBe(response)
  expect(Object.fromEntries(response.headers)).toMatchObject({ 'x-mark': 'set', 'x-own': '1' })
})

it('copies a response whose headers cannot be changed, with all that it has', async () => {
  const fetched = Response.redirect('https://shop.example/', 302)
  const response = await served(fetched)
  expect(response?.status).toBe(302)
  expect(Object.fromEntries(response?.headers ?? [])).toEqual({
    location: 'https://shop.example/',
    'x-mark': 'set',
  })
})
