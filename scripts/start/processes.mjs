// The processes behind `npm start`: nothing of them may outlive it.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { ROOT, wranglerArguments, wranglerEnvironment } from '../wrangler.mjs'

/** @typedef {{ code: number | null, signal: NodeJS.Signals | null, output: string }} Ending */
/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/** Wrangler needs a tenth of a second to stop; one that takes longer hangs. */
const STOP_WITHIN_MS = 5_000

/** Wrangler goes down with us even where we are killed outright: the channel between us then closes. */
const EXIT_WITH_PARENT = "data:text/javascript,process.once('disconnect',()=>process.exit(1))"

/** Every process below us carries this in its environment, whoever its parent is by now. */
const RUN = `${process.pid}-${Date.now()}`

/** @type {Map<ChildProcess, Promise<Ending>>} */
const running = new Map()

/**
 * Runs a script to its end and keeps what it prints.
 * @param {string[]} args
 */
export const runNode = (args) => track(start(args, { stdio: ['ignore', 'pipe', 'pipe'] }))

/**
 * Runs a wrangler that stays, and prints for itself. It gets no terminal to ask questions on.
 * @param {string[]} args
 * @param {{ environment: Record<string, string>, imports: string[] }} options `imports` are loaded before wrangler.
 */
export const serveWrangler = (args, { environment, imports }) =>
  track(
    start(
      [...[EXIT_WITH_PARENT, ...imports].flatMap((each) => ['--import', each]), ...wranglerArguments(args)],
      {
        environment,
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      },
    ),
  )

/** Stops all that was started here, kindly first. */
export const stopAll = async () => {
  for (const child of running.keys()) child.kill('SIGTERM')
  await Promise.race([Promise.allSettled(running.values()), sleep(STOP_WITHIN_MS)])
  for (const child of running.keys()) child.kill('SIGKILL')
  killOrphans()
}

/**
 * Not detached: whoever signals our process group reaches everything.
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

/** A wrangler that was killed outright cannot stop its workerd processes, and they would keep the port. Linux only. */
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
    // It ended by itself in between.
  }
}
