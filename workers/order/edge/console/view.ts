import type { Child } from 'hono/jsx'
import type { Caller } from '../../../../src/contracts/caller.ts'
import { type Instant, parseTimestamp, toTimestamp } from '../../../../src/kernel/instant.ts'
import type { Api } from './api.ts'

/** What a page is made from, and for whom. `id` is the one in its path, or empty. */
export type Asked = {
  api: Api
  caller: Caller
  /** After so many days settled orders leave. 0: none leaves. */
  retentionDays: number
  id: string
  query: URLSearchParams
  now: Instant
  /** Keeps work going that other requests wait for, after this one has its response. */
  keepAlive(work: Promise<unknown>): void
}

/** A page's content, or where to go instead. `refresh`: seconds after which it reads itself again. */
export type View = { title: string; body: Child; refresh?: number; status?: number } | { redirect: string }

/** A page as one thing with its title. */
export type Content = Exclude<View, { redirect: string }>

export type PageOf = (asked: Asked) => Promise<View>

/** The named parameters that are set. */
export const chosen = (query: URLSearchParams, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = query.get(name)?.trim()
      return value ? [[name, value]] : []
    }),
  )

/** Whether a list shows less than all, but for its place. */
export const isNarrowed = (filters: Readonly<Record<string, string | undefined>>): boolean =>
  Object.entries(filters).some(([name, value]) => name !== 'cursor' && value !== undefined && value !== '')

export const pathOf = (...segments: string[]): string => `/${segments.map(encodeURIComponent).join('/')}`

/** A day, or a time of UTC to the minute, as people write it → a timestamp. The API names the fault of another text. */
export const timestampOf = (text: string): string => {
  const spelled = text.replace(' ', 'T')
  const instant = [`${spelled}T00:00:00Z`, `${spelled}:00Z`, spelled]
    .map(parseTimestamp)
    .find((time) => time !== undefined)
  return instant === undefined ? text : toTimestamp(instant)
}

/** The same values, with timestamps for the times that people wrote. */
export const withTimestamps = (
  values: Readonly<Record<string, string>>,
  times: readonly string[],
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, times.includes(name) ? timestampOf(value) : value]),
  )
