import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { EVENTS } from '../../src/contracts/events.ts'
import { CALLS, type World } from './world.ts'

const documentSchema = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })

/** That no Worker has a route beside these: test/contract/openapi. */
export const improperInventoryManagement = (world: () => World) =>
  describe('API9: improper inventory management', () => {
    it('the served document has every call, and no other', async () => {
      const { system } = world()
      const { paths } = documentSchema.parse(await (await system.fetch('/openapi.json')).json())
      const served = Object.entries(paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method} ${path}`),
      )
      expect(served.toSorted()).toEqual(CALLS.map(({ route }) => `${route.method} ${route.path}`).toSorted())
    })

    it('every event has its schema, in the version that is sent', async () => {
      const { system } = world()
      const answers = await Promise.all(
        Object.entries(EVENTS).map(async ([type, { version }]) => {
          const { status } = await system.fetch(`/schemas/${type}/${version}.json`)
          return [type, status]
        }),
      )
      expect(answers.filter(([, status]) => status !== 200)).toEqual([])
    })

    it.each([
      '/admin',
      '/debug',
      '/internal',
      '/metrics/../keys',
      '/.env',
      '/.dev.vars',
      '/wrangler.toml',
      '/v1/orders',
    ])('there is nothing at %s for who has no key', async (path) => {
      const { status } = await world().system.fetch(path)
      expect([401, 404]).toContain(status)
    })
  })
