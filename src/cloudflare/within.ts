/** The promise, or a rejection once `ms` have passed. What was begun goes on: it may yet have happened. */
export const within = async <Value>(ms: number, what: string, promise: Promise<Value>): Promise<Value> => {
  let timer: ReturnType<typeof setTimeout> | null = null
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took more than ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([promise, timeout])
  } finally {
    clearTimeout(timer)
  }
}
