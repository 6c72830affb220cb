import { describe, expect, it } from 'vitest'
import { validSettings } from '../../../src/cloudflare/valid-settings.ts'
import { refusal, success } from '../../../src/kernel/result.ts'

describe('settings that a Worker cannot work without', () => {
  it('are returned where they are valid', () => {
    expect(validSettings(success({ deadlineMs: 5 }))).toEqual({ deadlineMs: 5 })
  })

  it('throw with all that is wrong where they are invalid', () => {
    const read = refusal(['DEADLINE_MS is not a number', 'DEFAULT_CURRENCY is missing'])
    expect(() => validSettings(read)).toThrow('DEADLINE_MS is not a number; DEFAULT_CURRENCY is missing')
  })
})
