// The console's pages are complete without this script. It adds what is live: pages read themselves again, ids can be
// copied, the theme can be switched, and keys move through tables.

const reveal = (root) => {
  for (const button of root.querySelectorAll('[data-copy], [data-theme-switch], [data-live]'))
    button.hidden = false
}

/* Copy and theme */

const THEMES = { light: 'dark', dark: 'light' }
const isDark = () => matchMedia('(prefers-color-scheme: dark)').matches

const switchTheme = () => {
  const root = document.documentElement
  const now = root.dataset.theme ?? (isDark() ? 'dark' : 'light')
  root.dataset.theme = THEMES[now]
  // biome-ignore lint/suspicious/noDocumentCookie: every browser has it, and the server reads it
  document.cookie = `console-theme=${THEMES[now]};path=/console;max-age=31536000;samesite=strict`
  drawChart()
}

const copy = async (button) => {
  await navigator.clipboard.writeText(button.dataset.copy)
  button.classList.add('copied')
  setTimeout(() => button.classList.remove('copied'), 1_000)
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('button')
  if (button?.dataset.copy !== undefined) copy(button).catch(() => undefined)
  if (button?.dataset.themeSwitch !== undefined) switchTheme()
  if (button?.dataset.live !== undefined) {
    const isLive = button.getAttribute('aria-pressed') !== 'true'
    button.setAttribute('aria-pressed', String(isLive))
    button.textContent = isLive ? 'Live' : 'Paused'
  }
})

/* Keyboard: / searches, j and k move through a table, Enter opens. */

const isTyping = (element) => /^(?:INPUT|TEXTAREA|SELECT)$/.test(element.tagName)

const move = (step) => {
  const rows = [...document.querySelectorAll('main tbody tr')]
  const at = rows.findIndex((row) => row.classList.contains('at'))
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))]
  rows[at]?.classList.remove('at')
  next?.classList.add('at')
  next?.querySelector('a')?.focus()
  next?.scrollIntoView({ block: 'nearest' })
}

const KEYS = {
  '/': () => document.querySelector('.search input')?.focus(),
  j: () => move(1),
  k: () => move(-1),
}

document.addEventListener('keydown', (event) => {
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return
  const act = KEYS[event.key]
  if (act === undefined) return
  event.preventDefault()
  act()
})

/* Live: the parts with `data-part` are replaced by those of a newer page. */

const isBusy = () =>
  document.hidden ||
  document.querySelector('.action[open], .json[open]') !== null ||
  document.querySelector('[data-live]')?.getAttribute('aria-pressed') === 'false'

const refresh = async () => {
  const response = await fetch(location.href, { headers: { accept: 'text/html' } })
  if (response.redirected) return location.reload()
  if (!response.ok) return undefined
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  for (const part of document.querySelectorAll('[data-part]')) {
    const newer = page.querySelector(`[data-part="${part.dataset.part}"]`)
    if (newer === null || newer.innerHTML === part.innerHTML) continue
    part.replaceChildren(...newer.childNodes)
    reveal(part)
  }
  return redrawChart()
}

const every = Number(document.querySelector('main[data-refresh]')?.dataset.refresh ?? 0)

const loop = async () => {
  if (!isBusy()) await refresh().catch(() => undefined)
  setTimeout(loop, every * 1_000)
}

/* An order's events: each makes the page read itself again, until the order is settled. */

let stream
let isReading = false
let isStale = false

const readAgain = async () => {
  isStale = true
  if (isReading) return
  isReading = true
  while (isStale) {
    isStale = false
    await refresh().catch(() => undefined)
  }
  isReading = false
  if (document.querySelector('[data-events]') === null) stream.close()
}

const followEvents = () => {
  const { events, types } = document.querySelector('[data-events]')?.dataset ?? {}
  if (events === undefined) return
  stream = new EventSource(events)
  for (const type of types.split(' ')) stream.addEventListener(type, readAgain)
}

/* The chart of the overview: stacked bars, one for each minute or half hour. The page has the numbers. */

let drawn = ''

const historyIn = () => document.querySelector('[data-history]')?.dataset.history ?? ''

const SERIES = [
  ['confirmed', '--good'],
  ['rejected', '--bad'],
  ['cancelled', '--warn'],
]

let plot

const colour = (name) => {
  const probe = document.createElement('i')
  probe.style.color = `var(${name})`
  document.body.append(probe)
  const value = getComputedStyle(probe).color
  probe.remove()
  return value
}

const timeOf = (at) => new Date(at * 1_000).toISOString().slice(11, 16)

/** Each outcome on top of those before it. uPlot draws the tallest first. */
const stacked = ([times, ...columns]) => {
  const tops = columns.map((_, last) =>
    times.map((_, minute) => columns.slice(0, last + 1).reduce((sum, column) => sum + column[minute], 0)),
  )
  return [times, ...tops.toReversed()]
}

const drawChart = () => {
  drawn = historyIn()
  const place = document.querySelector('.chart')
  if (place === null || drawn === '' || window.uPlot === undefined) return
  const columns = JSON.parse(drawn)
  plot?.destroy()
  const axis = {
    stroke: colour('--dim'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  }
  const options = {
    ...{ width: place.clientWidth, height: 240, cursor: { y: false, points: { show: false } } },
    scales: { y: { range: (_, __, max) => [0, Math.max(4, max * 1.1)] } },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map(timeOf) },
      { ...axis, size: 40, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000] },
    ],
    series: [
      { label: 'UTC', value: (_, at) => (at == null ? '–' : timeOf(at)) },
      ...SERIES.toReversed().map(([label, name], index) => ({
        ...{ label, stroke: colour(name), fill: colour(name), width: 0, points: { show: false } },
        paths: window.uPlot.paths.bars({ size: [0.8, 30] }),
        value: (_, __, ___, minute) => (minute == null ? '–' : columns[SERIES.length - index][minute]),
      })),
    ],
  }
  plot = new window.uPlot(options, stacked(columns), place)
}

/* On a phone the navigation is one line that scrolls: the page of now is brought into view. */

const showWhere = () => {
  const link = document.querySelector('nav [aria-current]')
  const nav = link?.parentElement
  if (nav !== undefined) nav.scrollLeft = link.offsetLeft - (nav.clientWidth - link.clientWidth) / 2
}

const redrawChart = () => {
  if (historyIn() !== drawn) drawChart()
}

reveal(document)
showWhere()
followEvents()
drawChart()
addEventListener('resize', drawChart)
if (every > 0) setTimeout(loop, every * 1_000)
