import type { Worker } from './types.ts'

/** The order Worker, whose name is that of the deployment. */
export const publicWorkerOf = (workers: readonly Worker[]): Worker => {
  const found = workers.find(({ isPublic }) => isPublic)
  if (found === undefined) throw new Error('Broken invariant: a deployment without its order Worker')
  return found
}
