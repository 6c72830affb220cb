import { beforeAll, describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../src/kernel/instant.ts'
import { createAccessCheck } from '../../../workers/order/edge/console/access.ts'
import { createAccessTeam } from '../../support/access-team.ts'

const TEAM = 'https://shop.cloudflareaccess.com'
const AUDIENCE = 'a'.repeat(64)
const ACCESS = { team: TEAM, audience: AUDIENCE }

type Team = Awaited<ReturnType<typeof createAccessTeam>>

let team: Team
let next: Team

beforeAll(async () => {
  team = await createAccessTeam({ origin: TEAM })
  next = await createAccessTeam({ origin: TEAM, kid: 'key-2' })
})

/** A check whose clock is set, and a domain of the team that answers what it is told. */
const createWorld = () => {
  let at = Date.now()
  let answer: () => Response = () => Response.json(team.certs)
  const asked: string[] = []
  const check = createAccessCheck({
    now: () => at,
    fetch: async (address) => {
      asked.push(String(address))
      return answer()
    },
  })
  return {
    check: (token: string | undefined) => check(ACCESS, token),
    asked,
    advance: (ms: number) => {
      at += ms
    },
    answers: (with_: () => Response) => {
      answer = with_
    },
  }
}

const seconds = () => Math.floor(Date.now() / 1_000)

describe('a token of Access', () => {
  it('names the person, by the keys of the team, which are read once', async () => {
    const { check, asked } = createWorld()
    const token = await team.tokenFor(AUDIENCE)
    expect(await check(token)).toEqual({ ok: true, value: 'ada@shop.example' })
    expect(await check(token)).toEqual({ ok: true, value: 'ada@shop.example' })
    expect(asked).toEqual([`${TEAM}/cdn-cgi/access/certs`])
  })

  it.each([
    ['of another application', { aud: ['b'.repeat(64)] }],
    ['without an audience', { aud: undefined }],
    ['of another team', { iss: 'https://other.cloudflareaccess.com' }],
    ['that has expired', { exp: seconds() - 1 }],
    ['that never expires', { exp: undefined }],
    ['that is not valid yet', { nbf: seconds() + 3_600 }],
  ])('%s is refused', async (_which, changes) => {
    const { check } = createWorld()
    expect(await check(await team.tokenFor(AUDIENCE, changes))).toEqual({ ok: false, reason: 'bad_token' })
  })

  it('of a service, which is no person, is refused', async () => {
    const { check } = createWorld()
    const token = await team.tokenFor(AUDIENCE, { email: undefined, common_name: 'robot' })
    expect(await check(token)).toEqual({ ok: false, reason: 'no_person' })
  })

  it('signed by another key under the same name is refused', async () => {
    const forger = await createAccessTeam({ origin: TEAM })
    const { check } = createWorld()
    expect(await check(await forger.tokenFor(AUDIENCE))).toEqual({ ok: false, reason: 'bad_token' })
  })

  it.each([{ alg: 'none', kid: 'key-1' }, { alg: 'HS256', kid: 'key-1' }, { alg: 'RS256' }])(
    'with the header %o is refused',
    async (header) => {
      const { check } = createWorld()
      const payload = { iss: TEAM, aud: [AUDIENCE], email: 'ada@shop.example', exp: seconds() + 60 }
      expect(await check(await team.sign(payload, header))).toEqual({ ok: false, reason: 'bad_token' })
    },
  )

  it.each([undefined, ''])('is missing: %s', async (token) => {
    const { check, asked } = createWorld()
    expect(await check(token)).toEqual({ ok: false, reason: 'no_token' })
    expect(asked).toEqual([])
  })

  it.each(['nonsense', 'a.b', 'a.b.c', `${'e'.repeat(5_000)}.x.y`])(
    'that is none is refused: %s',
    async (token) => {
      expect(await createWorld().check(token)).toEqual({ ok: false, reason: 'bad_token' })
    },
  )
})

describe('the keys of the team', () => {
  it('are read again for a token of a newer key, at most once in a minute', async () => {
    const { check, asked, advance, answers } = createWorld()
    await check(await team.tokenFor(AUDIENCE))
    answers(() => Response.json({ keys: [...team.certs.keys, ...next.certs.keys] }))
    const token = await next.tokenFor(AUDIENCE)
    expect(await check(token)).toEqual({ ok: false, reason: 'bad_token' })
    expect(asked).toHaveLength(1)
    advance(MINUTE_MS)
    expect(await check(token)).toMatchObject({ ok: true })
    expect(asked).toHaveLength(2)
  })

  it('stay in use while the domain of the team is away', async () => {
    const { check, advance, answers } = createWorld()
    await check(await team.tokenFor(AUDIENCE))
    answers(() => new Response('away', { status: 503 }))
    advance(2 * HOUR_MS)
    expect(await check(await team.tokenFor(AUDIENCE))).toMatchObject({ ok: true })
  })

  it('that were never read admit nobody', async () => {
    const { check, answers } = createWorld()
    answers(() => new Response('away', { status: 503 }))
    expect(await check(await team.tokenFor(AUDIENCE))).toEqual({ ok: false, reason: 'unavailable' })
  })
})
