import { expect, it } from 'vitest'
import { oncePerEnv } from '../../../src/cloudflare/once-per-env.ts'

it('makes a value once for the same bindings, also where it is undefined', () => {
  const made: object[] = []
  const makeOnce = oncePerEnv((env: object) => {
    made.push(env)
    return undefined
  })
  const env = {}
  makeOnce(env)
  makeOnce(env)
  expect(made).toEqual([env])
})

it('makes another value for other bindings', () => {
  const nameOf = oncePerEnv(({ NAME }: { NAME: string }) => NAME)
  expect([nameOf({ NAME: 'first' }), nameOf({ NAME: 'second' })]).toEqual(['first', 'second'])
})
