import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Where our own JavaScript spends its time. */
export const PARTS = ['routing', 'validation', 'hashing', 'JSON', 'SQL', 'saga', 'other'] as const

export type Part = (typeof PARTS)[number]

/** The stand-ins for the platform, Node's own code, and the benchmark. */
export const OUTSIDE = 'outside'

type Frame = { functionName: string; url: string }

const ROOT = pathToFileURL(resolve(import.meta.dirname, '../..')).href

/** From the project's folder on, which may lie in a folder of any name. */
const pathIn = ({ url }: Frame): string => (url.startsWith(ROOT) ? url.slice(ROOT.length) : url)

/** The first of these that fits a frame, from the function that runs outwards, names its part. */
const RULES: readonly (readonly [
  part: Part | typeof OUTSIDE,
  fits: (path: string, functionName: string) => boolean,
])[] = [
  ['JSON', (_, functionName) => /^measured(?:Parse|Stringify)$/.test(functionName)],
  ['SQL', (path) => /\/test\/support\/(?:in-memory-sql|in-memory-d1|transact)\.ts$/.test(path)],
  // What Node needs for a request, a response or a digest, workerd does in C++.
  [OUTSIDE, (path) => /^\/(?:test|bench)\//.test(path)],
  ['validation', (path) => /\/node_modules\/(?:zod|ajv)\/|parse-event|validat|compiled/.test(path)],
  ['routing', (path) => /\/node_modules\/(?:hono|@hono)\//.test(path)],
  [
    'hashing',
    (path) =>
      /\/(?:sha256|keyed-hash|hash|sealed-text|canonical-json|idempotency-key|read-token|key-mark)\.ts$/.test(
        path,
      ),
  ],
  ['saga', (path) => /\/src\/(?:order|inventory|payment)\/[^/]+\.ts$/.test(path)],
  ['other', (path) => /^\/(?:src|workers)\//.test(path)],
]

/** After an `await` a stack begins in the library that called our code, or is called by it. */
const isOurs = (frame: Frame): boolean => /^\/(?:src|workers|node_modules)\//.test(pathIn(frame))

/** The part that a stack belongs to. Only what our code called, or calls, counts. */
export const partOf = (stack: readonly Frame[]): Part | typeof OUTSIDE => {
  if (!stack.some(isOurs)) return OUTSIDE
  for (const frame of stack) {
    const rule = RULES.find(([, fits]) => fits(pathIn(frame), frame.functionName))
    if (rule !== undefined) return rule[0]
    if (frame.url.startsWith('node:')) return OUTSIDE
  }
  return OUTSIDE
}
