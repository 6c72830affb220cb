import { sha256 } from '../../../src/cloudflare/sha256.ts'
import { canonicalJson } from '../../../src/kernel/canonical-json.ts'
import { contentOf, identityOf } from '../../../src/operations/dead-letters.ts'

/** 96 bits: two of a billion letters share a digest with a chance of one in a hundred billion. */
const DIGEST_DIGITS = 24

export const letterDigest = async (text: string): Promise<string> =>
  (await sha256(text)).slice(0, DIGEST_DIGITS)

/** A digest of an event's content. */
export const digestOfContent = (event: unknown): Promise<string> =>
  letterDigest(canonicalJson(contentOf(event)))

type Kept = { event: string; source: string | null; content: string | null }

/** The row with the source and the digest of its event, which older code did not store. */
export const withContent = async <Row extends Kept>(row: Row): Promise<Row & { content: string }> => {
  const { content } = row
  if (content !== null) return { ...row, content }
  const event: unknown = JSON.parse(row.event)
  return { ...row, source: identityOf(event).source ?? null, content: await digestOfContent(event) }
}
