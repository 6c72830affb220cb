import { RANGES, type RangeName } from './reading.ts'

export const rangeIn = (query: URLSearchParams): RangeName => (query.get('range') === 'day' ? 'day' : 'hour')

const PATHS: Record<RangeName, string> = { hour: '/console', day: '/console?range=day' }

/** How far the overview looks back. Links, so that it works without a script, and the address can be kept. */
export const RangeSwitch = ({ shown }: { shown: RangeName }) => (
  <ul class="range" aria-label="Look back">
    {(Object.keys(RANGES) as RangeName[]).map((range) => (
      <li>
        <a href={PATHS[range]} aria-current={range === shown ? 'true' : undefined}>
          {RANGES[range].name}
        </a>
      </li>
    ))}
  </ul>
)
