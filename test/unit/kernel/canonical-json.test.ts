import { expect, it } from 'vitest'
import { canonicalJson } from '../../../src/kernel/canonical-json.ts'

it('is the same text whatever the order of the keys', () => {
  const left = canonicalJson({ b: { d: [1, { f: 2, e: 3 }], c: null }, a: 'x' })
  const right = canonicalJson({ a: 'x', b: { c: null, d: [1, { e: 3, f: 2 }] } })
  expect(left).toBe('{"a":"x","b":{"c":null,"d":[1,{"e":3,"f":2}]}}')
  expect(right).toBe(left)
})

it('keeps the order of a list, which is part of its value', () => {
  expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]))
})

it('tells a number from its text', () => {
  expect(canonicalJson({ a: 1 })).not.toBe(canonicalJson({ a: '1' }))
})

it('takes 150 and 150.00 for the same number', () => {
  expect(canonicalJson(JSON.parse('{"a":150.00}'))).toBe(canonicalJson(JSON.parse('{"a":150}')))
})

it('keeps a key that objects inherit', () => {
  expect(canonicalJson(JSON.parse('{"constructor":1,"__proto__":2}'))).toBe('{"__proto__":2,"constructor":1}')
})

it.each([[null], [undefined]])('writes %s as null', (nothing) => {
  expect(canonicalJson(nothing)).toBe('null')
})
