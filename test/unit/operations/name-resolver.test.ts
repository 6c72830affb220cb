import { describe, expect, it } from 'vitest'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import { createAddressChecks } from '../../../workers/operations/webhooks/address-checks.ts'
import { NOW } from '../../support/builders.ts'

const CNAME = 5

type Answer = { Status?: number; Answer?: { type: number; TTL?: number; data: string }[] }

/** A resolver that says what its script says of A and AAAA; `Error`s are thrown, and numbers are statuses of HTTP. */
const createResolver = (script: Record<string, { A?: Answer | Error | number; AAAA?: Answer | Error }>) => {
  const asked: string[] = []
  let clock = NOW
  const fetch = (async (input: URL) => {
    const name = input.searchParams.get('name') ?? ''
    const type = input.searchParams.get('type') ?? ''
    asked.push(`${name} ${type}`)
    const said = script[name]?.[type as 'A' | 'AAAA'] ?? {}
    if (said instanceof Error) throw said
    if (typeof said === 'number') return new Response('{}', { status: said })
    return Response.json({ Status: 0, ...said })
  }) as typeof globalThis.fetch
  const checks = createAddressChecks({ fetch, now: () => clock })
  const settings = { areLocalWebhooksAllowed: false, resolverUrl: 'https://resolver.example/dns-query' }
  return {
    asked,
    advance: (seconds: number) => {
      clock += seconds * SECOND_MS
    },
    check: async (url: string, changes: Partial<typeof settings> = {}) => {
      const checked = await checks({ ...settings, ...changes })(url)
      return checked.ok ? 'fine' : checked.reason
    },
  }
}

const a = (data: string, TTL = 60) => ({ Answer: [{ type: 1, TTL, data }] })
const aaaa = (data: string, TTL = 60) => ({ Answer: [{ type: 28, TTL, data }] })
const PRIVATE = {
  kind: 'refused',
  detail: 'must not be a name that leads to a private or reserved address',
}

describe('the name of a webhook', () => {
  it.each([
    ['an address of version 4', { A: a('93.184.216.34') }],
    ['an address of version 6', { AAAA: aaaa('2606:2800:220:1::1') }],
    ['both', { A: a('93.184.216.34'), AAAA: aaaa('2606:2800:220:1::1') }],
    [
      'a public address by another name',
      { A: { Answer: [{ type: CNAME, data: 'other.example.' }, ...a('93.184.216.34').Answer] } },
    ],
  ])('may lead to %s', async (_, answers) => {
    expect(await createResolver({ 'shop.example': answers }).check('https://shop.example/')).toBe('fine')
  })

  it.each([
    ['a private address', { A: a('10.0.0.1') }],
    ['loopback', { A: a('127.0.0.1') }],
    ["clouds' metadata", { A: a('169.254.169.254') }],
    ["Azure's metadata", { A: a('168.63.129.16') }],
    ['a private address of version 6', { A: a('93.184.216.34'), AAAA: aaaa('fd00::1') }],
    ['a private address in disguise', { AAAA: aaaa('::ffff:10.0.0.1') }],
    [
      'a private address among public ones',
      { A: { Answer: [...a('93.184.216.34').Answer, ...a('192.168.1.1').Answer] } },
    ],
    [
      'a private address by another name',
      { A: { Answer: [{ type: CNAME, data: 'inside.example.' }, ...a('10.0.0.1').Answer] } },
    ],
    ['what is no address', { A: a('nonsense') }],
  ])('may not lead to %s', async (_, answers) => {
    expect(await createResolver({ 'shop.example': answers }).check('https://shop.example/')).toEqual(PRIVATE)
  })

  it('has to exist and to have an address', async () => {
    const nowhere = { kind: 'refused', detail: 'must be a name that has an address' }
    const resolver = createResolver({ 'gone.example': { A: { Status: 3 }, AAAA: { Status: 3 } } })
    expect(await resolver.check('https://gone.example/')).toEqual(nowhere)
    expect(await resolver.check('https://empty.example/')).toEqual(nowhere)
  })

  it.each([
    ['its servers fail for one family', { A: a('93.184.216.34'), AAAA: { Status: 2 } }, 'unresolved'],
    ['the resolver answers 500', { A: 500 }, 'resolver_away'],
    ['the resolver redirects', { A: 302 }, 'resolver_away'],
    ['the resolver cannot be reached', { A: new Error('refused') }, 'resolver_away'],
    ['the resolver answers nonsense', { A: { Status: 'fine' } as never }, 'resolver_away'],
  ])('is not known where %s, and is asked for again at once', async (_, answers, kind) => {
    const resolver = createResolver({ 'shop.example': answers })
    expect(await resolver.check('https://shop.example/')).toMatchObject({ kind })
    await resolver.check('https://shop.example/')
    expect(resolver.asked).toHaveLength(4)
  })

  it('is asked for without its trailing dots and in ASCII, and an address not at all', async () => {
    const resolver = createResolver({})
    await resolver.check('https://Bücher.example../')
    await resolver.check('https://8.8.8.8/')
    await resolver.check('https://10.0.0.1/')
    expect(resolver.asked).toEqual(['xn--bcher-kva.example A', 'xn--bcher-kva.example AAAA'])
  })

  it('is never asked for where webhooks may be posted to this machine', async () => {
    const resolver = createResolver({ 'shop.example': { A: a('10.0.0.1') } })
    expect(await resolver.check('https://shop.example/', { areLocalWebhooksAllowed: true })).toBe('fine')
    expect(resolver.asked).toEqual([])
  })
})

describe('an answer about a name', () => {
  const askedAfter = async (lifetime: number, ...waits: number[]): Promise<number[]> => {
    const resolver = createResolver({ 'shop.example': { A: a('93.184.216.34', lifetime) } })
    await resolver.check('https://shop.example/')
    const counts: number[] = []
    for (const seconds of waits) {
      resolver.advance(seconds)
      await resolver.check('https://shop.example/')
      counts.push(resolver.asked.length / 2)
    }
    return counts
  }

  it('is good for its lifetime', async () => {
    expect(await askedAfter(60, 59, 1)).toEqual([1, 2])
  })

  it('is good for ten seconds at least and five minutes at most', async () => {
    expect(await askedAfter(0, 9, 1)).toEqual([1, 2])
    expect(await askedAfter(86_400, 299, 1)).toEqual([1, 2])
  })

  it('is good for the shortest lifetime of all that led to it', async () => {
    const chain = { Answer: [{ type: CNAME, TTL: 20, data: 'other.example.' }, ...a('93.184.216.34').Answer] }
    const resolver = createResolver({ 'shop.example': { A: chain, AAAA: aaaa('2606:4700::1') } })
    await resolver.check('https://shop.example/')
    resolver.advance(20)
    await resolver.check('https://shop.example/')
    expect(resolver.asked).toHaveLength(4)
  })

  it('that a name has no address is good for half a minute', async () => {
    const resolver = createResolver({})
    for (const seconds of [0, 29, 1]) {
      resolver.advance(seconds)
      await resolver.check('https://empty.example/')
    }
    expect(resolver.asked).toHaveLength(4)
  })

  it('makes room for others: a thousand names are remembered', async () => {
    const resolver = createResolver({})
    for (let index = 0; index <= 1_000; index += 1) await resolver.check(`https://name-${index}.example/`)
    const before = resolver.asked.length
    await resolver.check('https://name-1000.example/')
    expect(resolver.asked).toHaveLength(before)
    await resolver.check('https://name-0.example/')
    expect(resolver.asked).toHaveLength(before + 2)
  })
})
