import { createInvocation, type Outlet, type Platform } from '../../platform/platform.ts'

/** Runs a task to its end in an invocation of its own, while the world goes on. */
export const runTask = async <Value>(
  platform: Platform,
  name: string,
  task: (outlet: Outlet) => Promise<Value>,
): Promise<Value> => {
  const { scheduler } = platform
  const outlet = createInvocation(platform, name)
  const done: { value?: Value; error?: unknown } = {}
  const start = () =>
    task(outlet).then(
      (value) => Object.assign(done, { value }),
      (error) => Object.assign(done, { error }),
    )
  scheduler.after(0, outlet.actor, () => void start())
  while (!('value' in done) && !('error' in done)) await scheduler.runUntil(scheduler.now + 100)
  if ('error' in done) throw done.error
  return done.value as Value
}
