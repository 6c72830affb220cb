import type { Child } from 'hono/jsx'
import type { Problem } from '../../../../src/contracts/http/problem.ts'
import { type Instant, SECOND_MS } from '../../../../src/kernel/instant.ts'
import type { Content } from './view.ts'

/** What a state means to an operator. Each has a shape and a word beside its colour. */
export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'off'

const SHAPES: Record<Tone, string> = {
  good: 'M3.5 8.5l3 3 6-7',
  busy: 'M8 4v4l2.5 2.5',
  warn: 'M8 4.5v4.5M8 11.8v.2',
  bad: 'M5 5l6 6M11 5l-6 6',
  off: 'M4.5 8h7',
}

export const Status = ({ tone, children }: { tone: Tone; children: Child }) => (
  <span class={`status ${tone}`}>
    <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path d={SHAPES[tone]} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
    </svg>
    {children}
  </span>
)

const TONES: Readonly<Record<string, Tone>> = {
  ...{ confirmed: 'good', settled: 'good', captured: 'good', committed: 'good', delivered: 'good' },
  ...{ enabled: 'good', healthy: 'good', succeeded: 'good', ready: 'good', redriven: 'good' },
  ...{ pending: 'busy', reserved: 'busy', authorized: 'busy' },
  ...{ rejected: 'bad', declined: 'bad', failed: 'bad', failing: 'bad', stuck: 'bad', open: 'bad' },
  ...{ refunded: 'warn', low: 'warn' },
}

/** A state of the API, in its own word. */
export const State = ({ of }: { of: string }) => <Status tone={TONES[of] ?? 'off'}>{of}</Status>

/** Links to what the id names, and offers to copy it. */
export const Id = ({ href, children }: { href?: string; children: string }) => (
  <span class="id">
    {href === undefined ? <code>{children}</code> : <a href={href}>{children}</a>}
    <button type="button" class="copy" data-copy={children} aria-label={`Copy ${children}`} hidden>
      <svg viewBox="0 0 16 16" width="13" height="13" aria-hidden="true">
        <path d="M6 6h7v7H6zM10 6V3H3v7h3" fill="none" stroke="currentColor" stroke-width="1.5" />
      </svg>
    </button>
  </span>
)

const UNITS = [
  { name: 'd', seconds: 86_400 },
  { name: 'h', seconds: 3_600 },
  { name: 'min', seconds: 60 },
  { name: 's', seconds: 1 },
]

/** `90` → `1 min`. */
export const spanOf = (seconds: number): string => {
  const unit = UNITS.find((each) => seconds >= each.seconds)
  return unit === undefined ? '0 s' : `${Math.floor(seconds / unit.seconds)} ${unit.name}`
}

/** How long ago, or in how long, with the absolute time on hover. */
export const When = ({ at, now }: { at: string; now: Instant }) => {
  const seconds = (now - Date.parse(at)) / SECOND_MS
  return (
    <time datetime={at} title={`${at.slice(0, 19).replace('T', ' ')} UTC`}>
      {seconds < 0 ? `in ${spanOf(-seconds)}` : `${spanOf(seconds)} ago`}
    </time>
  )
}

/** For how long, with the absolute time of its beginning on hover. */
export const Span = ({ from, now }: { from: string; now: Instant }) => (
  <time datetime={from} title={`since ${from.slice(0, 19).replace('T', ' ')} UTC`}>
    for {spanOf(Math.max(0, now - Date.parse(from)) / SECOND_MS)}
  </time>
)

/** `3, 'letter'` → `3 letters`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`

export const money = (amount: number, currency: string): string =>
  new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' }).format(amount)

export const Empty = ({ title, command }: { title: string; command?: string }) => (
  <div class="empty">
    <p>{title}</p>
    {command !== undefined && <code>{command}</code>}
  </div>
)

export const ProblemCard = ({ problem }: { problem: Problem }) => (
  <div class="problem" role="alert">
    <p>
      <Status tone="bad">{problem.title}</Status>
    </p>
    <p>{problem.detail}</p>
    <p class="dim">
      <code>{problem.code}</code> · trace <Id>{problem.traceId}</Id>
    </p>
  </div>
)

type DoneProps = { query: URLSearchParams; says: Readonly<Record<string, Child>> }

/** What a form has just done, as `done` in the query names it. Nothing where the query names nothing that is known here. */
export const Done = ({ query, says }: DoneProps) => {
  const done = query.get('done')
  if (done === null || !Object.hasOwn(says, done)) return null
  return (
    <p class="done" role="status">
      {says[done]}
    </p>
  )
}

/** A page that cannot be shown, because the API refused what it is made from. */
export const refused = (title: string, problem: Problem): Content => ({
  title,
  body: <ProblemCard problem={problem} />,
  status: problem.status,
})

/** Heads of columns with numbers, which end at the right. */
const NUMBERS: ReadonlySet<string> = new Set([
  ...['Total', 'Quantity', 'Each', 'Sum', 'On hand', 'Reserved', 'Available', 'Amount', 'Captured'],
  ...['Refunded', 'Bank asked', 'Events', 'Tries', 'Messages', 'Oldest', 'Size', 'Late'],
  ...['Pending', 'Failed', 'Letters', 'Parked', 'Drift'],
  ...['Orders', 'Confirmed', 'Rejected', 'Cancelled', 'Success', 'p50', 'p95'],
  ...['Oldest message', 'Dead letters'],
])

/** A table that scrolls by itself where the screen is narrow. `label` names it for screen readers. */
export const Table = ({ label, heads, children }: { label: string; heads: string[]; children: Child }) => (
  <section class="scroll" tabindex={0} aria-label={label}>
    <table>
      <thead>
        <tr>
          {heads.map((head) => (
            <th scope="col" class={NUMBERS.has(head) ? 'num' : undefined}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </section>
)

export const Next = ({ path, query }: { path: string; query: Record<string, string | undefined> }) => {
  if (query['cursor'] === undefined) return null
  const set = Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : []))
  return (
    <p class="next">
      <a class="button" href={`${path}?${new URLSearchParams(set)}`} rel="next">
        Older →
      </a>
    </p>
  )
}

type ActionProps = {
  path: string
  label: string
  /** What happens, before it happens. */
  says: string
  isGrave?: boolean
  children?: Child
}

/** A changing call. Its form opens first, so that nothing happens by one click. It works without a script. */
export const Action = ({ path, label, says, isGrave = false, children }: ActionProps) => (
  <details class="action">
    <summary class={isGrave ? 'button grave' : 'button'}>{label}</summary>
    <form method="post" action={path}>
      <input type="hidden" name="attempt" value={crypto.randomUUID()} />
      <p>{says}</p>
      {children}
      <button type="submit" class={isGrave ? 'grave' : 'primary'}>
        {label} now
      </button>
    </form>
  </details>
)

type ChoiceProps = {
  label: string
  name: string
  options: readonly (string | { value: string; text: string })[]
  value: string | undefined
  /** What stands for no choice. Without it one of the options is always chosen. */
  any?: string
}

export const Choice = ({ label, name, options, value, any }: ChoiceProps) => (
  <label class="field">
    <span>{label}</span>
    <select name={name}>
      {any !== undefined && <option value="">{any}</option>}
      {options
        .map((option) => (typeof option === 'string' ? { value: option, text: option } : option))
        .map((option) => (
          <option value={option.value} selected={option.value === value}>
            {option.text}
          </option>
        ))}
    </select>
  </label>
)

type FlagProps = { label: string; name: string; text: string; value: string | undefined }

/** Only those of which it is true, or any. */
export const Flag = ({ text, ...rest }: FlagProps) => (
  <Choice any="Any" options={[{ value: 'true', text }]} {...rest} />
)

type FieldProps = {
  label: string
  name: string
  type?: string
  isRequired?: boolean
  step?: string
  value?: string
}

export const Field = ({ label, name, type = 'text', isRequired = false, step, value }: FieldProps) => (
  <label class="field">
    <span>{label}</span>
    <input type={type} name={name} required={isRequired} step={step} value={value} autocomplete="off" />
  </label>
)

type NarrowProps = { path: string; isSet: boolean; children: Child }

/** What narrows a list. On a phone it is folded until something is chosen, so that the list is in view. */
export const Narrow = ({ path, isSet, children }: NarrowProps) => (
  <details class="narrow" open={isSet}>
    <summary class="button">Filter</summary>
    <form class="filters" action={path}>
      {children}
      <button type="submit">Filter</button>
    </form>
  </details>
)

type SwitchProps = { name: string; value?: string; label: string; isOn?: boolean }

export const Switch = ({ name, value = 'on', label, isOn = false }: SwitchProps) => (
  <label class="switch">
    <input type="checkbox" name={name} value={value} checked={isOn} />
    <span>{label}</span>
  </label>
)

type SwitchesProps = { legend: string; name: string; options: readonly string[]; chosen: readonly string[] }

/** Any number of the options, each sent under the same name. */
export const Switches = ({ legend, name, options, chosen }: SwitchesProps) => (
  <fieldset class="switches">
    <legend>{legend}</legend>
    {options.map((option) => (
      <Switch name={name} value={option} label={option} isOn={chosen.includes(option)} />
    ))}
  </fieldset>
)

/** What a form sends without asking. */
export const Hidden = ({ of }: { of: Readonly<Record<string, string | number>> }) => (
  <>
    {Object.entries(of).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
  </>
)

type SecretProps = { of: string | undefined; advice: string }

/** A secret that is shown this one time. Undefined where the form was sent before: `advice` says what to do then. */
export const Secret = ({ of, advice }: SecretProps) =>
  of === undefined ? (
    <Status tone="warn">It was shown once already. {advice}</Status>
  ) : (
    <>
      <div>
        <Id>{of}</Id>
      </div>
      <Status tone="warn">It is shown only this once. Keep it safe.</Status>
    </>
  )

export const Json = ({ title, of, isOpen = false }: { title: string; of: unknown; isOpen?: boolean }) => (
  <details class="json" open={isOpen}>
    <summary>{title}</summary>
    <pre tabindex={0}>{JSON.stringify(of, null, 2)}</pre>
  </details>
)
