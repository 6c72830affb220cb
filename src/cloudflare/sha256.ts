import { hexOf } from '../kernel/hex.ts'

const encoder = new TextEncoder()

export const sha256Bytes = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(text)))

/** As 64 hexadecimal digits. */
export const sha256 = async (text: string): Promise<string> => hexOf(await sha256Bytes(text))
