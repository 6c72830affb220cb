// The processes of `npm start`. None of them may outlive it.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { ROOT, wranglerArguments, wranglerEnvironment } from '../wrangler.mjs'

/** @typedef {{ code: number | null, signal: NodeJS.Signals | null, output: string }} Ending */
/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/** Wrangler needs a tenth of a second to stop. One that takes this long hangs. */
const STOP_WITHIN_MS = 5_000

/** Wrangler ends with us, even when we are killed with SIGKILL: the channel between us then closes. */
const EXIT_WITH_PARENT = "data:text/javascript,process.once('disconnect',()=>process.exit(1))"

/** Every process that we or wrangler start has this in its environment, even after its parent has ended. */
const RUN = `${process.pid}-${Date.now()}`

/** @type {Map<ChildProcess, Promise<Ending>>} */
const running = new Map()

/**
 * Runs a script to its end, and keeps what it prints.
 * @param {string[]} args
 */
export const runNode = (args) => track(start(args, { stdio: ['ignore', 'pipe', 'pipe'] }))

/**
 * Starts a wrangler that keeps running and prints directly. It gets no terminal, so that it asks no question.
 * @param {string[]} args
 * @param {{ environment: Record<string, string>, imports: string[], onMessage: (message: unknown) => void }} options
 *   `imports` are modules that are loaded before wrangler; `onMessage` gets what they report.
 * @returns {Promise<Ending>} how wrangler ended
 */
export const serveWrangler = (args, { environment, imports, onMessage }) => {
  const modules = [EXIT_WITH_PARENT, ...imports].flatMap((each) => ['--import', each])
  const child = start([...modules, ...wranglerArguments(args)], {
    environment,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  child.on('message', onMessage)
  return track(child)
}

/** Stops every process that was started here: first with SIGTERM, then with SIGKILL. */
export const stopAll = async () => {
  for (const child of running.keys()) child.kill('SIGTERM')
  await Promise.race([Promise.allSettled(running.values()), sleep(STOP_WITHIN_MS)])
  for (const child of running.keys()) child.kill('SIGKILL')
  killOrphans()
}

/**
 * Not detached: a signal to our process group reaches every process.
 * @param {string[]} args
 * @param {{ environment?: Record<string, string>, stdio: import('node:child_process').StdioOptions }} options
 */
const start = (args, { environment, stdio }) =>
  spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...wranglerEnvironment(), ...environment, EDGE_ORDERS_RUN: RUN },
    stdio,
  })

/** @param {ChildProcess} child */
const track = (child) => {
  const ended = endingOf(child).finally(() => running.delete(child))
  running.set(child, ended)
  return ended
}

/**
 * @param {ChildProcess} child
 * @returns {Promise<Ending>}
 */
const endingOf = (child) =>
  new Promise((resolve, reject) => {
    let output = ''
    const keep = (/** @type {Buffer} */ chunk) => {
      output += chunk
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, output }))
  })

/** A wrangler that was killed with SIGKILL leaves its workerd processes, and they would keep the port. Linux only. */
const killOrphans = () => {
  for (const pid of processIds()) {
    if (environmentOf(pid).includes(`EDGE_ORDERS_RUN=${RUN}`)) kill(pid)
  }
}

const processIds = () => {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}

/** @param {string} pid */
const environmentOf = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    return ''
  }
}

/** @param {string} pid */
const kill = (pid) => {
  try {
    process.kill(Number(pid), 'SIGKILL')
  } catch {
    // It has ended in the meantime.
  }
}
