import { describe, expect, it } from 'vitest'
import { createEvent } from '../../src/contracts/events.ts'
import { HOUR_MS, type Instant } from '../../src/kernel/instant.ts'
import type { Outgoing } from '../../src/messaging/outgoing.ts'
import type { PartitionHost } from '../../src/messaging/partition.ts'

/** A host whose database is empty, and what a test sees of its surroundings. */
export type HostUnderTest = {
  /** Runs work as one call of the partition. Rejects where the work throws. */
  run<Value>(work: (host: PartitionHost) => Value | Promise<Value>): Promise<Value>
  /** The events that have left the host. */
  sent: readonly Outgoing[]
  alarm(): Promise<Instant | undefined>
}

/** The promises of `PartitionHost`. Every partition relies on each of them. */
export const describeHost = (name: string, start: () => HostUnderTest | Promise<HostUnderTest>): void => {
  const open = async () => {
    const host = await start()
    await host.run(({ turn, sql }) => turn(() => void sql('CREATE TABLE words (word TEXT NOT NULL)')))
    return {
      ...host,
      words: () => host.run(({ sql }) => wordsOf(sql)),
      /** Waits until these events have left, and no other. */
      expectSent: (...ids: string[]) => expect.poll(() => orderIdsOf(host.sent)).toEqual(ids),
    }
  }

  describe(`${name} as a partition's host`, () => {
    it('keeps all that a turn wrote, and returns its value', async () => {
      const { run, words } = await open()
      const value = await run(({ turn, sql }) => turn(() => [write(sql, 'a'), write(sql, 'b')]))
      expect(value).toEqual(['a', 'b'])
      expect(await words()).toEqual(['a', 'b'])
    })

    it('undoes all that a turn wrote where it throws', async () => {
      const { run, words } = await open()
      const failed = run((host) => host.turn(() => fail(write(host.sql, 'a'), write(host.sql, 'b'))))
      await expect(failed).rejects.toThrow('a b failed')
      expect(await words()).toEqual([])
    })

    it('undoes a nested turn alone where it throws', async () => {
      const { run, words } = await open()
      await run((host) =>
        host.turn(() => {
          write(host.sql, 'before')
          expect(() => host.turn(() => fail(write(host.sql, 'nested')))).toThrow('nested failed')
          write(host.sql, 'after')
        }),
      )
      expect(await words()).toEqual(['before', 'after'])
    })

    it('undoes a nested turn that has returned where the outer turn throws', async () => {
      const { run, words } = await open()
      const failed = run((host) => host.turn(() => fail(host.turn(() => write(host.sql, 'nested')))))
      await expect(failed).rejects.toThrow('nested failed')
      expect(await words()).toEqual([])
    })

    it('sends no event and runs nothing before the outermost turn has returned', async () => {
      const { run, sent, expectSent } = await open()
      const seen: string[] = []
      await run((host) => {
        host.turn(() => {
          host.afterTurn(() => seen.push('first'))
          host.turn(() => {
            host.publish([eventOf('a')])
            host.afterTurn(() => seen.push('second'))
          })
          host.publish([eventOf('b')])
          expect([...seen, ...sent]).toEqual([])
        })
        expect(seen).toEqual(['first', 'second'])
      })
      await expectSent('a', 'b')
    })

    it('drops what is kept back of a turn that throws', async () => {
      const { run, alarm, expectSent } = await open()
      const seen: string[] = []
      const failed = run((host) =>
        host.turn(() => {
          effects(host, 'dropped', seen)
          fail('all')
        }),
      )
      await expect(failed).rejects.toThrow('all failed')
      expect(await alarm()).toBeUndefined()
      await run((host) => host.turn(() => host.publish([eventOf('next')])))
      await expectSent('next')
      expect(seen).toEqual([])
    })

    it('drops what is kept back of a nested turn that throws, and nothing of the outer turn', async () => {
      const { run, alarm, expectSent } = await open()
      const seen: string[] = []
      const dueAt = await run((host) =>
        host.turn(() => {
          host.publish([eventOf('before')])
          const failing = () => {
            effects(host, 'dropped', seen)
            fail('nested')
          }
          expect(() => host.turn(failing)).toThrow('nested failed')
          host.publish([eventOf('after')])
          host.afterTurn(() => seen.push('after'))
          return wakeIn(host, 2)
        }),
      )
      await expectSent('before', 'after')
      expect(seen).toEqual(['after'])
      expect(await alarm()).toBe(dueAt)
    })

    it('wakes by the earliest time that any turn asked for', async () => {
      const { run, alarm } = await open()
      const first = await run((host) =>
        host.turn(() => {
          wakeIn(host, 4)
          const at = wakeIn(host, 2)
          wakeIn(host, 3)
          host.turn(() => wakeIn(host, 5))
          return at
        }),
      )
      expect(await alarm()).toBe(first)
      await run((host) => host.turn(() => wakeIn(host, 6)))
      expect(await alarm()).toBe(first)
      const earlier = await run((host) => host.turn(() => host.turn(() => wakeIn(host, 1))))
      expect(await alarm()).toBe(earlier)
    })

    it('runs work later, unless it is cancelled', async () => {
      const { run } = await open()
      const seen: string[] = []
      await run(
        (host) =>
          new Promise<void>((resolve) => {
            const cancel = host.after(1, () => seen.push('cancelled'))
            host.after(1, () => {
              seen.push('ran')
              resolve()
            })
            cancel()
            expect(seen).toEqual([])
          }),
      )
      expect(seen).toEqual(['ran'])
    })

    it('refuses an effect outside a turn', async () => {
      const { run } = await open()
      await run((host) => {
        for (const act of [() => host.publish([]), () => host.wakeBy(0), () => host.afterTurn(() => {})]) {
          expect(act).toThrow('a partition acts outside its turn')
        }
      })
    })
  })
}

type Sql = PartitionHost['sql']

const write = (sql: Sql, word: string): string => {
  sql('INSERT INTO words (word) VALUES (?)', word)
  return word
}

const wordsOf = (sql: Sql): string[] =>
  sql<{ word: string }>('SELECT word FROM words ORDER BY rowid').map(({ word }) => word)

const fail = (...words: string[]): never => {
  throw new Error(`${words.join(' ')} failed`)
}

/** Every effect that a turn keeps back. */
const effects = (host: PartitionHost, name: string, seen: string[]): void => {
  host.publish([eventOf(name)])
  host.afterTurn(() => seen.push(name))
  wakeIn(host, 1)
}

/** Hours away: no alarm rings in a test. */
const wakeIn = (host: PartitionHost, hours: number): Instant => {
  const at = host.now() + hours * HOUR_MS
  host.wakeBy(at)
  return at
}

const eventOf = (orderId: string): Outgoing => {
  const data = { orderId, items: [{ productId: 'P001', quantity: 1 }], totalAmount: 50, currency: 'USD' }
  return {
    to: 'payment',
    event: createEvent({ type: 'OrderConfirmed', subject: orderId, at: 1, revision: 2, data }),
  }
}

const orderIdsOf = (sent: readonly Outgoing[]): string[] => sent.map(({ event }) => event.subject)
