import { type Customer, ERASED } from '../contracts/customer-erasure.ts'
import { ownerOf } from './dead-letters.ts'

/**
 * A stored event without what it says about this customer. The same text where it says nothing, or belongs to another
 * client. An event that names no client counts: it came from outside, for an order that was never placed.
 */
export const withoutCustomer = (json: string, { client, customerId }: Customer): string => {
  const owner = ownerOf(json).client
  if (owner !== undefined && owner !== client) return json
  return JSON.stringify(
    JSON.parse(json, (name, value: unknown) => {
      if (name === '' && typeof value === 'string') return withoutCustomerInText(value, customerId)
      return isAbout(value, customerId) ? withoutFields(value) : value
    }),
  )
}

const isAbout = (value: unknown, customerId: string): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && 'customerId' in value && value.customerId === customerId

/** What stands beside the customer's id is about the customer too. */
const withoutFields = ({ reference: _reference, metadata: _metadata, ...rest }: Record<string, unknown>) => ({
  ...rest,
  customerId: ERASED,
})

/** The text of a message that no consumer could read. Only the id is found in it. */
const withoutCustomerInText = (text: string, customerId: string): string =>
  text.replaceAll(`"customerId":${JSON.stringify(customerId)}`, `"customerId":"${ERASED}"`)
