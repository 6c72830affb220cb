import { digitsOf } from '../kernel/ids.ts'
import { newOrderId } from '../kernel/partitions.ts'

/** An order as its client names it: two clients may use one external id. */
export type ExternalId = { client: string; externalId: string }

/** SHA-256 of a text. */
export type Digest = (text: string) => Promise<Uint8Array>

/** 130 bits: two orders share an id with a chance of one in 2^65 orders. */
const DIGITS = 26

/**
 * The unique id of an order with an external id, in the partition with this label. It is derived from the external id,
 * so the same event leads to the same order without a look-up. It decides where data lie, so this rule may never change.
 */
export const uniqueOrderId = async (
  { client, externalId }: ExternalId,
  label: string,
  digest: Digest,
): Promise<string> => newOrderId(label, digitsOf(await digest(JSON.stringify([client, externalId])), DIGITS))
