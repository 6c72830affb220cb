import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto'

type Key = { raw: Uint8Array<ArrayBuffer> }
type Derivation = { salt: Uint8Array; info: Uint8Array }
type Sealing = { iv: Uint8Array; additionalData: Uint8Array }

const TAG_BYTES = 16

/**
 * The part of WebCrypto that the Workers use. Its results are there at once: later ones would come in an order that no
 * seed decides.
 */
export const subtle = {
  digest: async (_algorithm: string, bytes: Uint8Array) =>
    Uint8Array.from(createHash('sha256').update(bytes).digest()).buffer,
  importKey: async (_format: string, raw: Uint8Array): Promise<Key> => ({ raw: Uint8Array.from(raw) }),
  deriveBits: async (derivation: Derivation, key: Key, bits: number) => derive(derivation, key, bits / 8),
  deriveKey: async (derivation: Derivation, key: Key): Promise<Key> => ({
    raw: new Uint8Array(derive(derivation, key, 32)),
  }),
  encrypt: async ({ iv, additionalData }: Sealing, { raw }: Key, bytes: Uint8Array) => {
    const cipher = createCipheriv('aes-256-gcm', raw, iv).setAAD(additionalData)
    const sealed = [cipher.update(bytes), cipher.final()]
    return Uint8Array.from(Buffer.concat([...sealed, cipher.getAuthTag()])).buffer
  },
  decrypt: async ({ iv, additionalData }: Sealing, { raw }: Key, bytes: Uint8Array) => {
    const decipher = createDecipheriv('aes-256-gcm', raw, iv).setAAD(additionalData)
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
    const opened = [decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]
    return Uint8Array.from(Buffer.concat(opened)).buffer
  },
}

const derive = ({ salt, info }: Derivation, { raw }: Key, bytes: number): ArrayBuffer =>
  hkdfSync('sha256', raw, salt, info, bytes)
