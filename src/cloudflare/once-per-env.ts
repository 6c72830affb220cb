/**
 * Makes a value from a Worker's bindings once. An isolate keeps the same bindings for its whole life, so settings are
 * parsed and keys are read when its first request comes, and not again with each request or batch.
 */
export const oncePerEnv = <Env extends object, Made>(make: (env: Env) => Made): ((env: Env) => Made) => {
  const madeFrom = new WeakMap<Env, { value: Made }>()
  return (env) => {
    const made = madeFrom.get(env) ?? { value: make(env) }
    madeFrom.set(env, made)
    return made.value
  }
}
