// `npm run crash`: the whole system is killed again and again under load, and then checked from outside.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readDevelopmentKey } from '../support/running-system.ts'
import { runCrashTest } from './crash-test.ts'
import { createDisk } from './disk.ts'
import { readOptions, USAGE } from './options.ts'
import { createSystem } from './system.ts'
import { isDoubleCapture, lostOrders, oversoldUnits, type Violation } from './violations.ts'

const PARENT_CHECK_MS = 500
/** One cause breaks many orders. A few examples are enough to find it. */
const EVIDENCE_MAX = 5

const print = (line: string): void => console.log(line)

const main = async (): Promise<number> => {
  const options = await readOptions(process.argv.slice(2))
  const { kills, seed, only, port, isKept } = options
  const temporary = mkdtempSync(join(tmpdir(), 'edge-orders-crash-'))
  const diskDir = join(temporary, 'disk')
  // State that is kept must outlive this process; a disk in its own namespace does not.
  const disk = options.stateDir !== undefined || isKept ? undefined : await createDisk(diskDir)
  const stateDir = options.stateDir ?? join(diskDir, 'state')
  const system = createSystem({ port, stateDir, tempDir: join(temporary, 'tmp'), disk })
  process.once('exit', () => {
    system.killNow()
    disk?.remove()
    if (!isKept) rmSync(temporary, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  })
  print(`seed ${seed}, ${kills} kills, port ${port}, state in ${stateDir}`)
  try {
    const { placed, violations } = await runCrashTest({
      system,
      kills,
      seed,
      only,
      port,
      apiKey: readDevelopmentKey(),
      print,
    })
    if (violations.length > 0)
      explain(
        violations,
        `npm run crash -- --kills ${kills} --seed ${seed}${only ? ` --only '${only}'` : ''}`,
      )
    print(
      `${kills} kills, ${placed} orders, ${lostOrders(violations)} lost, ` +
        `${violations.filter(isDoubleCapture).length} double captures, ${oversoldUnits(violations)} oversold units`,
    )
    return violations.length > 0 ? 1 : 0
  } catch (error) {
    console.error(error, `\nseed ${seed}; the last output of the system:\n${system.lastOutput()}`)
    return 1
  }
}

const explain = (violations: readonly Violation[], replay: string): void => {
  for (const { kind, subject, evidence } of violations.slice(0, EVIDENCE_MAX)) {
    print(`\n${kind}: ${subject}\n${JSON.stringify(evidence, null, 2) ?? 'no more is known'}`)
  }
  print(`\n${violations.length} violations. Again with the same seed: ${replay}\n`)
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(130))

/** The parent process may be killed with SIGKILL, and then sends no signal: its disappearance is polled. */
const parent = process.ppid
setInterval(() => process.ppid !== parent && process.exit(130), PARENT_CHECK_MS).unref()

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(error instanceof Error ? error.message : error, `\n${USAGE}`)
    process.exit(2)
  },
)
