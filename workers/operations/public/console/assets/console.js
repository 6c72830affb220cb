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
  return noteSample()
}

const every = Number(document.querySelector('main[data-refresh]')?.dataset.refresh ?? 0)

const loop = async () => {
  if (!isBusy()) await refresh().catch(() => undefined)
  setTimeout(loop, every * 1_000)
}

/* The chart of the overview: an hour of samples, kept in this tab. */

const HOUR_S = 3_600
const KEPT = 'console-samples'

const readSamples = () => JSON.parse(sessionStorage.getItem(KEPT) ?? '[]')

const noteSample = () => {
  const { sample } = document.querySelector('[data-sample]')?.dataset ?? {}
  if (sample === undefined) return
  const now = Math.round(Date.now() / 1_000)
  const kept = readSamples().filter(([at]) => now - at < HOUR_S)
  sessionStorage.setItem(KEPT, JSON.stringify([...kept, [now, ...JSON.parse(sample)]]))
  drawChart()
}

/** Orders a minute by outcome, from the differences of two counts. */
const ratesOf = (samples) => {
  const rates = samples.slice(1).map((sample, index) => {
    const before = samples[index]
    const minutes = Math.max(1, sample[0] - before[0]) / 60
    return [sample[0], ...[1, 2, 3].map((at) => Math.max(0, sample[at] - before[at]) / minutes)]
  })
  return [0, 1, 2, 3].map((at) => rates.map((rate) => rate[at]))
}

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

const drawChart = () => {
  const place = document.querySelector('.chart')
  if (place === null || window.uPlot === undefined) return
  plot?.destroy()
  const axis = {
    stroke: colour('--dim'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  }
  const now = Date.now() / 1_000
  const options = {
    ...{ width: place.clientWidth, height: 220, cursor: { y: false } },
    scales: { x: { range: [now - HOUR_S, now] }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] } },
    axes: [axis, axis],
    series: [
      {},
      ...SERIES.map(([label, name]) => ({
        ...{ label, stroke: colour(name), width: 2, points: { show: false } },
        value: (_, rate) => (rate == null ? '–' : `${rate.toFixed(1)} / min`),
      })),
    ],
  }
  plot = new window.uPlot(options, ratesOf(readSamples()), place)
}

reveal(document)
noteSample()
addEventListener('resize', drawChart)
if (every > 0) setTimeout(loop, every * 1_000)
