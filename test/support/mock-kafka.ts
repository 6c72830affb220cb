import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const SAYS_WHERE = /bootstrap\.servers=(127\.0\.0\.1:\d+)/

/** librdkafka's mock cluster, as Debian's `kcat` starts it: Kafka's protocol over TCP, in memory. */
export const startMockKafka = async (): Promise<{ broker: string; stop(): void }> => {
  const args = ['-b', 'none', '-P', '-t', 'unused', '-X', 'test.mock.num.brokers=1', '-X', 'debug=mock']
  // It lives until its input ends.
  const child = spawn('kcat', args, { stdio: ['pipe', 'ignore', 'pipe'] })
  const broker = await new Promise<string>((found, failed) => {
    child.once('error', (cause) =>
      failed(new Error('kcat does not start. Install it: apt-get install --yes kcat', { cause })),
    )
    createInterface(child.stderr).on('line', (line) => {
      const address = SAYS_WHERE.exec(line)?.[1]
      if (address !== undefined) found(address)
    })
  })
  return { broker, stop: () => child.kill('SIGKILL') }
}
