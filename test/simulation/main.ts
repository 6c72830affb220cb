import { parseArgs } from 'node:util'
import { isMainThread } from 'node:worker_threads'

/**
 * The Durable Objects import `cloudflare:workers`, which only workerd has. Its stand-in must be there before any module of
 * theirs is loaded, here and in each thread. The same is true of a mutant.
 */
await import('./platform/platform-module.ts')

const { values } = parseArgs({
  strict: false,
  options: { mutant: { type: 'string' }, seeds: { type: 'string' } },
})

if (!isMainThread) {
  const { runChunks } = await import('./chunks.ts')
  runChunks()
} else if (typeof values.mutant === 'string') {
  const { MUTANTS } = await import('./mutant-list.ts')
  const { loadMutant } = await import('./mutant-module.ts')
  const mutant = MUTANTS.find((each) => each.name === values.mutant)
  if (mutant === undefined) throw new Error(`There is no mutant "${values.mutant}"`)
  loadMutant(mutant)
  const { catchMutant } = await import('./catch-mutant.ts')
  await catchMutant(Number(values.seeds), mutant.bank)
} else {
  const { runCommand } = await import('./command.ts')
  process.exitCode = await runCommand(process.argv.slice(2))
}
