import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'amqplib'
import { eventually } from '../eventually.ts'
import { freePort } from '../running-system.ts'

/** Debian's scripts in `/usr/sbin` change the user; these run as anyone. */
const SERVER = '/usr/lib/rabbitmq/bin/rabbitmq-server'
/** A start takes some seconds on an idle machine. */
const READY_MS = 60_000

/** A RabbitMQ of its own, on loopback, with its files in a folder of its own. */
export const startRabbitMq = async () => {
  if (!existsSync(SERVER)) {
    throw new Error('These tests need RabbitMQ: apt-get install --no-install-recommends rabbitmq-server')
  }
  const folder = mkdtempSync(join(tmpdir(), 'edge-orders-rabbitmq-'))
  const [port, distributionPort, epmdPort] = [await freePort(), await freePort(), await freePort()]
  writeFileSync(join(folder, 'rabbitmq.conf'), `listeners.tcp.local = 127.0.0.1:${port}\n`)
  writeFileSync(join(folder, 'enabled_plugins'), '[].\n')
  const node = `edge-orders-${port}@localhost`
  const environment = {
    ...{ HOME: folder, ERL_EPMD_PORT: `${epmdPort}` },
    RABBITMQ_NODENAME: node,
    RABBITMQ_DIST_PORT: `${distributionPort}`,
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    // Erlang's threads otherwise spin while they wait.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
      '+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}',
  }
  const run = (program: string, args: string[] = []): ChildProcess =>
    spawn(program, args, { env: { ...process.env, ...environment }, stdio: 'ignore', detached: true })
  const names = run('epmd', ['-address', '127.0.0.1', '-port', `${epmdPort}`])
  const url = `amqp://127.0.0.1:${port}`
  const isReady = () =>
    connect(url).then(
      async (connection) => {
        await connection.close()
        return true
      },
      () => false,
    )
  let server: ChildProcess
  const start = async () => {
    server = run(SERVER)
    await eventually(isReady, Boolean, { withinMs: READY_MS, everyMs: 250 })
  }
  await start()
  return {
    url,
    /** RabbitMQ 3.10 stores seconds later that it has a quorum queue. One that is killed before never finds its leader again. */
    untilOnDisk: (queue: string) =>
      eventually(
        () => readFileSync(join(folder, 'data', node, 'quorum', node, 'names.dets')),
        (names) => names.includes(queue),
        { withinMs: READY_MS },
      ),
    /** It stands still: what is sent to it stays in its connections. */
    freeze: () => signalGroup(server, 'SIGSTOP'),
    /** Ends it at once, without a word to its clients. */
    kill: () => killGroup(server),
    /** Starts it again on what is on its disk. */
    start,
    stop: async () => {
      await killGroup(server)
      await killGroup(names)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The script starts Erlang, which is of its process group. */
const killGroup = async (child: ChildProcess): Promise<void> => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  signalGroup(child, 'SIGKILL')
  await ended
}

const signalGroup = ({ pid }: ChildProcess, signal: NodeJS.Signals): void => {
  if (pid !== undefined) process.kill(-pid, signal)
}
