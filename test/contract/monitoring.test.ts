import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { METRICS } from '../../src/contracts/metrics.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

const ALERTS = textOf('monitoring/alerts.yml')
const ALERT_NAMES = [...ALERTS.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name)
const DASHBOARD = textOf('monitoring/grafana-dashboard.json')

const metricsIn = (text: string): string[] => [
  ...new Set(
    [...text.matchAll(/\bedge_orders_\w+/g)].map(([name]) =>
      name.replace(/_seconds_(?:bucket|sum|count)$/, '_seconds'),
    ),
  ),
]

describe.each([
  ['the alerts', ALERTS],
  ['the tests of the alerts', textOf('monitoring/alerts.test.yml')],
  ['the dashboard', DASHBOARD],
])('%s', (_, text) => {
  it('name only metrics that there are', () => {
    expect(metricsIn(text).filter((name) => !(name in METRICS))).toEqual([])
    expect(metricsIn(text).length).toBeGreaterThan(8)
  })
})

it('every metric is on the dashboard, or an alert looks at it', () => {
  const shown = metricsIn(`${ALERTS} ${DASHBOARD}`)
  const forBackgroundOnly = ['edge_orders_queue_size_bytes', 'edge_orders_webhook_deliveries_late_seconds']
  expect(Object.keys(METRICS).filter((name) => !shown.includes(name))).toEqual(forBackgroundOnly)
})

it('the runbook has a row for each alert, in the same order, and each row says three things', () => {
  const section =
    textOf('docs/runbook.md')
      .split(/^## /m)
      .find((part) => part.startsWith('Alerts\n')) ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('| `EdgeOrders'))
  expect(rows.map((row) => /^\| `(\w+)`/.exec(row)?.[1])).toEqual(ALERT_NAMES)
  const said = rows.map(
    (row) =>
      row
        .split(' | ')
        .slice(1)
        .filter((cell) => cell.length > 20).length,
  )
  expect(said).toEqual(rows.map(() => 3))
})

it('each alert is shown firing and clearing', () => {
  const shown = [...textOf('monitoring/alerts.test.yml').matchAll(/- name: (\w+)/g)].map(([, name]) => name)
  expect(shown).toEqual(ALERT_NAMES)
})

it('every page of the console that the runbook names exists', () => {
  const paths = [
    ...textOf('workers/order/edge/console/console.tsx').matchAll(/^ {2}'(\/console[^']*)': \w+Page,$/gm),
  ]
  // The overview is streamed, so it is not in the table of the other pages.
  const pages = ['/console', ...paths.map(([, path = '']) => path)]
  const named = [...textOf('docs/runbook.md').matchAll(/`(\/console[\w/-]*)/g)].map(([, path = '']) => path)
  expect(named.filter((path) => !pages.includes(path))).toEqual([])
  expect(new Set(named).size).toBeGreaterThan(4)
})
