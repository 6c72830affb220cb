/** A team of Cloudflare Access: a key pair, what its domain serves, and the tokens that it signs. */
export const createAccessTeam = async ({ origin, kid = 'key-1' }: { origin: string; kid?: string }) => {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const pair = (await crypto.subtle.generateKey(
    { ...algorithm, modulusLength: 2_048, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ['sign', 'verify'],
  )) as CryptoKeyPair
  const key = { ...(await crypto.subtle.exportKey('jwk', pair.publicKey)), kid, alg: 'RS256', use: 'sig' }
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const sign = async (
    payload: object,
    header: object = { alg: 'RS256', kid, typ: 'JWT' },
  ): Promise<string> => {
    const text = `${part(header)}.${part(payload)}`
    const signature = await crypto.subtle.sign(algorithm, pair.privateKey, new TextEncoder().encode(text))
    return `${text}.${Buffer.from(signature).toString('base64url')}`
  }
  return {
    /** What `/cdn-cgi/access/certs` responds. */
    certs: { keys: [key], public_cert: { kid, cert: '' } },
    sign,
    /** A token as Access makes one for a person. */
    tokenFor: (audience: string, changes: object = {}): Promise<string> => {
      const now = Math.floor(Date.now() / 1_000)
      return sign({
        ...{ iss: origin, aud: [audience], sub: 'a-person', type: 'app' },
        ...{ email: 'ada@shop.example', iat: now - 60, nbf: now - 60, exp: now + 3_600 },
        ...changes,
      })
    },
  }
}
