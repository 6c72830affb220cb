import { z } from 'zod'

export const SCOPES = [
  'orders:read',
  'orders:write',
  'inventory:read',
  'inventory:write',
  'payments:read',
  'payments:write',
  'events:write',
  'operations',
] as const

export type Scope = (typeof SCOPES)[number]

/** Whom the key acts for that comes with the deployment. No other key may have this name. */
export const BOOTSTRAP_CLIENT = 'bootstrap'

/** The id that stands for the bootstrap key where keys are named by id. No other key has it. */
export const BOOTSTRAP_KEY_ID = 'bootstrap'

/** What a client may have open at the same time: orders that are not decided, and the units in them. */
export const keyBoundsSchema = z.strictObject({
  openOrders: z.int().min(1).max(10_000),
  openUnits: z.int().min(1).max(1_000_000_000),
})

/** The longest email address. */
export const PERSON_LENGTH_MAX = 320

export const callerSchema = z.object({
  client: z.string().min(1).max(128),
  scopes: z.array(z.enum(SCOPES)),
  /** The id of the key that was shown; none for a read token, and from an edge of an older version. */
  keyId: z.string().max(64).optional(),
  /** Only where they were set on the key. */
  bounds: keyBoundsSchema.optional(),
  /** The email address of the person whom Cloudflare Access let into the console. It gives no right: the scopes are the key's. */
  person: z.string().max(PERSON_LENGTH_MAX).optional(),
})

/** Who calls, as the edge verified it. */
export type Caller = z.infer<typeof callerSchema>

export const actsForAll = ({ scopes }: Caller): boolean => scopes.includes('operations')

/** A key with the scope `operations` acts for all clients; any other sees what its client owns. */
export const mayActFor = (caller: Caller, owner: string | null): boolean =>
  owner !== null && (owner === caller.client || actsForAll(caller))
