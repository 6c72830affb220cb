import { Empty } from '../parts.tsx'
import { type Chapter, chaptersOf, type Step } from './steps.ts'
import type { Story } from './story.ts'

/** Where the time went: waiting in a queue, work in a partition, and the bank. A picture for each request. */
export const Waterfall = ({ story }: { story: Story }) => {
  const chapters = chaptersOf(story)
  if (chapters.length === 0) return <Empty title="Nothing has happened yet." />
  return (
    <>
      <p class="legend">
        <span class="key wait">waits in a queue</span>
        <span class="key partition">partition works</span>
        <span class="key bank">bank works</span>
      </p>
      {chapters.map((chapter) => (
        <Picture chapter={chapter} />
      ))}
    </>
  )
}

const Picture = ({ chapter: { title, steps } }: { chapter: Chapter }) => {
  const start = Math.min(...steps.map(({ from }) => from))
  const end = Math.max(...steps.map(({ to }) => to))
  const share = (ms: number) => (100 * ms) / Math.max(1, end - start)
  return (
    <figure>
      <figcaption>
        {title} · <strong>{(end - start).toLocaleString('en')} ms</strong>
      </figcaption>
      <ul class="waterfall">
        {steps.map((step) => (
          <li>
            <span>
              {step.name} <span class="dim">{step.service}</span>
            </span>
            <Bar step={step} start={start} share={share} />
            <span class="num">{(step.to - step.from).toLocaleString('en')} ms</span>
          </li>
        ))}
      </ul>
    </figure>
  )
}

const HEIGHT = 14
/** Work that took no time is a mark of so many percent. */
const MARK = 0.8

type BarProps = { step: Step; start: number; share: (ms: number) => number }

/** Lengths are shares of the width, so that neither text nor hatching is stretched. */
const Bar = ({ step, start, share }: BarProps) => {
  const { from, workFrom, to, work } = step
  const x = Math.min(100 - MARK, share(workFrom - start))
  const width = Math.max(MARK, share(to - workFrom))
  return (
    <svg width="100%" height={HEIGHT} role="img" aria-label={saysOf(step)}>
      <defs>
        <pattern id="waits" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="6" height="6" class="ground" />
          <rect width="2" height="6" class="hatch" />
        </pattern>
      </defs>
      {workFrom > from && (
        <rect
          x={percent(share(from - start))}
          width={percent(share(workFrom - from))}
          height={HEIGHT}
          class="wait"
          fill="url(#waits)"
        />
      )}
      <rect x={percent(x)} width={percent(width)} height={HEIGHT} class={work} rx="2" />
    </svg>
  )
}

const percent = (share: number): string => `${share.toFixed(2)}%`

const saysOf = ({ from, workFrom, to, work }: Step): string =>
  `${workFrom - from} ms waiting, ${to - workFrom} ms ${work}`
