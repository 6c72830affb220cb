const WIDTH = 120
const HEIGHT = 28
const GAP = 0.5

/** A value for each period, oldest first. Undefined: nothing was measured in it. */
type Values = readonly (number | undefined)[]

type SparklineProps = { values: Values; says: string; tone?: string | undefined }

/** A bar for each period, as high as its share of the greatest value. `says` is what a screen reader gets. */
export const Bars = ({ values, says, tone = '' }: SparklineProps) => {
  const step = WIDTH / values.length
  return (
    <Frame says={says} tone={tone}>
      {values.map((value, index) => {
        if (!value) return null
        const height = Math.max(1.5, heightOf(value, values))
        return (
          <rect x={at(index * step)} y={at(HEIGHT - height)} width={at(step - GAP)} height={at(height)} />
        )
      })}
    </Frame>
  )
}

/** A line over the periods, from 0 up. It goes on at the last known value where nothing was measured. */
export const Line = ({ values, says, tone = '' }: SparklineProps) => {
  const step = WIDTH / Math.max(1, values.length - 1)
  const known = values.flatMap((value, index) => (value === undefined ? [] : [{ value, index }]))
  const points = [...known, ...known.slice(-1).map(({ value }) => ({ value, index: values.length - 1 }))]
  const text = points.map(({ value, index }) => `${at(index * step)},${at(lineY(value, values))}`).join(' ')
  return (
    <Frame says={says} tone={tone}>
      <polyline points={text} fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" />
    </Frame>
  )
}

const Frame = ({ says, tone, children }: { says: string; tone: string; children: unknown }) => (
  <svg
    class={`spark ${tone}`}
    viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
    preserveAspectRatio="none"
    role="img"
    aria-label={says}
  >
    <line x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} class="base" />
    {children}
  </svg>
)

const heightOf = (value: number, values: Values): number =>
  (value / Math.max(...values.map((each) => each ?? 0))) * HEIGHT

/** Inside the frame, so that the whole width of the line is seen. */
const lineY = (value: number, values: Values): number =>
  value === 0 ? HEIGHT - 1 : HEIGHT - 1 - (heightOf(value, values) * (HEIGHT - 2)) / HEIGHT

const at = (length: number): string => length.toFixed(1)
