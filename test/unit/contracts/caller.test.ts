import { expect, it } from 'vitest'
import { mayActFor } from '../../../src/contracts/caller.ts'
import { CLIENT, OPERATOR, STRANGER } from '../../support/builders.ts'

it('lets a client act for itself', () => {
  expect(mayActFor(CLIENT, CLIENT.client)).toBe(true)
})

it('lets no client act for another', () => {
  expect(mayActFor(STRANGER, CLIENT.client)).toBe(false)
})

it('lets operations act for every client', () => {
  expect(mayActFor(OPERATOR, CLIENT.client)).toBe(true)
})

it.each([CLIENT, OPERATOR])('lets no caller act for an order without an owner: $client', (caller) => {
  expect(mayActFor(caller, null)).toBe(false)
})
