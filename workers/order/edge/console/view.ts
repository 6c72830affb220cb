import type { Child } from 'hono/jsx'
import type { Instant } from '../../../../src/kernel/instant.ts'
import type { Api } from './api.ts'

/** What a page is made from. `id` is the one in its path, or empty. */
export type Asked = { api: Api; id: string; query: URLSearchParams; now: Instant }

/** A page's content, or where to go instead. `refresh`: seconds after which it reads itself again. */
export type View = { title: string; body: Child; refresh?: number; status?: number } | { redirect: string }

export type PageOf = (asked: Asked) => Promise<View>

/** The named parameters that are set. */
export const chosen = (query: URLSearchParams, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = query.get(name)?.trim()
      return value ? [[name, value]] : []
    }),
  )

export const pathOf = (...segments: string[]): string => `/${segments.map(encodeURIComponent).join('/')}`
