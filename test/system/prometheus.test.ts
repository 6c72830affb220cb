import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type System, startDemo } from '../support/harness.ts'
import { freePort } from '../support/running-system.ts'
import { openShop } from '../support/shop.ts'

/*
 * Debian's Prometheus reads the running system, with the project's own rules. Time runs faster in them: whatever they
 * wait for takes a thirtieth, and the deadline of orders is a thirtieth of 15 minutes. `promtool test rules` shows that
 * the real ones fire and clear.
 */
const TIMES_FASTER = 30
const DEADLINE_SECONDS = 900 / TIMES_FASTER

const MONITORING = resolve(import.meta.dirname, '../../monitoring')
const ADMIN_KEY = 'test-admin-key'

const folder = mkdtempSync(join(tmpdir(), 'edge-orders-prometheus-'))
let system: System
let prometheusUrl: string
let stopPrometheus: () => void

const promtool = (args: string[], input?: string): string =>
  execFileSync('promtool', args, { cwd: MONITORING, encoding: 'utf8', input })

const startPrometheus = async (): Promise<void> => {
  const port = await freePort()
  prometheusUrl = `http://127.0.0.1:${port}`
  writeFileSync(join(folder, 'alerts.yml'), faster(readFileSync(join(MONITORING, 'alerts.yml'), 'utf8')))
  writeFileSync(join(folder, 'key'), ADMIN_KEY)
  const config = `
global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
rule_files: [alerts.yml]
scrape_configs:
  - job_name: edge-orders
    authorization: { credentials_file: key }
    static_configs: [{ targets: ['${new URL(await system.address()).host}'] }]
`
  writeFileSync(join(folder, 'prometheus.yml'), config)
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  )
  stopPrometheus = () => child.kill('SIGKILL')
}

/** Shortens every `for`, every range, and every bound in seconds. */
const faster = (rules: string): string =>
  rules
    .replaceAll(/(for: |\[)(\d+)m\b/g, (_, before, minutes) => `${before}${(minutes * 60) / TIMES_FASTER}s`)
    .replaceAll(/(_seconds.*> )(\d+)$/gm, (_, before, seconds) => `${before}${seconds / TIMES_FASTER}`)

const query = async (expression: string): Promise<{ metric: Record<string, string>; value: number }[]> => {
  const response = await fetch(`${prometheusUrl}/api/v1/query?query=${encodeURIComponent(expression)}`)
  const { status, data, error } = (await response.json()) as {
    status: string
    error?: string
    data: { result: { metric: Record<string, string>; value: [number, string] }[] }
  }
  if (status !== 'success') throw new Error(`${expression}: ${error}`)
  return data.result.map(({ metric, value: [, text] }) => ({ metric, value: Number(text) }))
}

const firing = async (): Promise<string[]> =>
  (await query('ALERTS{alertstate="firing"}')).map(({ metric }) => metric['alertname'] ?? '')

beforeAll(async () => {
  system = await startDemo({ ORDER_DEADLINE_SECONDS: String(DEADLINE_SECONDS) })
  await startPrometheus()
})

afterAll(async () => {
  stopPrometheus?.()
  await system?.close()
  rmSync(folder, { recursive: true, force: true })
})

it('promtool accepts the configuration, the rules, and what the rules do', () => {
  expect(promtool(['check', 'config', '--syntax-only', 'prometheus.yml'])).toContain('SUCCESS')
  expect(promtool(['check', 'rules', 'alerts.yml'])).toContain('SUCCESS')
  expect(promtool(['test', 'rules', 'alerts.test.yml'])).toContain('SUCCESS')
})

it('a settled order is counted, promtool finds no fault in the metrics, and Prometheus reads them all', async () => {
  const shop = openShop(system)
  await shop.stock('P001', 10)
  const { body } = await shop.post('/orders', { items: [{ productId: 'P001', quantity: 1 }] })
  await shop.settled(body.orderId)
  await eventually(
    () => query('sum(edge_orders_order_settle_seconds_count{outcome="confirmed"})'),
    ([settled]) => settled?.value === 1,
  )
  const response = await system.fetch('/metrics', { headers: { authorization: `Bearer ${ADMIN_KEY}` } })
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(promtool(['check', 'metrics'], await response.text())).toBe('')
  const counted = await query('sum by (operation, outcome) (edge_orders_bank_calls_total) > 0')
  expect(counted.map(({ metric, value }) => [metric['operation'], metric['outcome'], value]).sort()).toEqual([
    ['authorize', 'succeeded', 1],
    ['capture', 'succeeded', 1],
  ])
  expect(await query('edge_orders_worker_up == 0 or edge_orders_partition_up == 0')).toEqual([])
  expect(await query('count(edge_orders_worker_up)')).toMatchObject([{ value: 4 }])
  expect((await query('edge_orders_queue_messages')).map(({ metric }) => metric['queue']).sort()).toEqual([
    ...['inventory-inbox', 'inventory-inbox-dlq', 'operations-inbox', 'operations-inbox-dlq'],
    ...['order-inbox', 'order-inbox-dlq', 'payment-inbox', 'payment-inbox-dlq', 'webhooks'],
  ])
  expect(await firing()).toEqual([])
})

it('Prometheus can compute every panel of the dashboard', async () => {
  const { panels } = JSON.parse(readFileSync(join(MONITORING, 'grafana-dashboard.json'), 'utf8')) as {
    panels: { title: string; targets: { expr: string }[] }[]
  }
  for (const { expr } of panels.flatMap(({ targets }) => targets)) await query(expr)
  expect(panels.length).toBeGreaterThan(10)
})

it('the alert for dead letters fires when a message cannot be read, and clears once its letter is discarded', async () => {
  const shop = openShop(system)
  await system.send('payment-inbox', { type: 'Poison' })
  await eventually(firing, (alerts) => alerts.includes('EdgeOrdersDeadLetters'))
  const { body } = await shop.call('/dead-letters?status=open')
  await shop.post(`/dead-letters/${body.items[0].id}/discard`, { reason: 'made by a test' })
  await eventually(firing, (alerts) => alerts.length === 0)
})

it('while a consumer is stopped, two alerts fire before orders are rejected, and clear once it works again', async () => {
  const shop = openShop(system)
  await shop.post('/simulator/faults', { stopped: ['payment'] })
  // The consumer holds the first message when it stands still. The second one waits on the queue.
  const one = [{ productId: 'P001', quantity: 1 }]
  const first = await shop.place(one)
  await shop.place(one)
  const early = ['EdgeOrdersBacklogGrowing', 'EdgeOrdersNearDeadline']
  const fired = await eventually(firing, (alerts) => early.every((alert) => alerts.includes(alert)), {
    withinMs: DEADLINE_SECONDS * 1_000,
  })
  expect(fired).not.toContain('EdgeOrdersDeadlineExceeded')
  expect((await shop.read(first)).status).toBe('pending')
  const queues = (await query('ALERTS{alertname="EdgeOrdersBacklogGrowing"}')).map(
    ({ metric }) => metric['queue'],
  )
  expect(queues).toEqual(['payment-inbox'])
  await shop.post('/simulator/faults', {})
  expect((await shop.settled(first)).status).toBe('confirmed')
  await eventually(firing, (alerts) => alerts.length === 0)
})
