import type { z } from 'zod'
import { getAudit } from '../../../../../src/contracts/http/audit.ts'
import type { Problem } from '../../../../../src/contracts/http/problem.ts'
import { LAWS } from '../../../../../src/contracts/laws.ts'
import { type Result, success } from '../../../../../src/kernel/result.ts'
import type { Api } from '../api.ts'
import { ProblemCard, Status, Table } from '../parts.tsx'

type Audit = z.infer<(typeof getAudit)['route']['responses'][200]['content']['application/json']['schema']>

/** The first pages of the audit. */
type AuditRead = Result<Audit[], Problem>

/** A page of the console waits for so many pages of the audit: 500 orders. The command checks all of them. */
const PAGES_MAX = 5

/** The laws of stock and money, checked when it is asked for. */
export const Laws = ({ audit }: { audit: AuditRead | undefined }) => (
  <section class="card" id="laws">
    <h2>Laws of stock and money</h2>
    {audit !== undefined && <Checked audit={audit} />}
    <form action="/console/health#laws">
      <input type="hidden" name="laws" value="checked" />
      <button type="submit">{audit === undefined ? 'Check now' : 'Check again'}</button>
    </form>
  </section>
)

export const readAudit = async (api: Api): Promise<AuditRead> => {
  const pages: Audit[] = []
  let cursor: string | undefined
  do {
    const page = await api.read(getAudit, '/audit', { cursor })
    if (!page.ok) return page
    pages.push(page.value)
    cursor = page.value.nextCursor
  } while (cursor !== undefined && pages.length < PAGES_MAX)
  return success(pages)
}

const Checked = ({ audit }: { audit: AuditRead }) => {
  if (!audit.ok) return <ProblemCard problem={audit.reason} />
  const pages = audit.value
  const sum = (name: keyof Audit['checked']) => pages.reduce((total, { checked }) => total + checked[name], 0)
  const isPart = pages.at(-1)?.nextCursor !== undefined
  return (
    <>
      <Table label="Laws of stock and money" heads={['Law', 'State', 'Drift', 'Where']}>
        {(pages[0]?.laws ?? []).map(({ name }, nth) => (
          <LawRow name={name} laws={pages.flatMap(({ laws }) => laws[nth] ?? [])} />
        ))}
      </Table>
      <p class="dim">
        Checked {sum('products')} products, {sum('orders')} orders ({sum('underWay')} under way), and{' '}
        {sum('payments')} payments with the bank.
        {sum('unread') > 0 && ` The bank did not tell of ${sum('unread')} payments.`}
        {isPart && ' There are more orders: `npm run ops -- audit` checks all of them.'}
      </p>
    </>
  )
}

type Law = Audit['laws'][number]

/** Breaches that a row names. */
const SHOWN_MAX = 10

const LawRow = ({ name, laws }: { name: Law['name']; laws: Law[] }) => {
  const drift = laws.reduce((total, law) => total + law.drift, 0)
  const broken = laws.flatMap((law) => law.broken)
  return (
    <tr>
      <td>
        <code>{name}</code>
        <div class="dim">{LAWS[name]}</div>
      </td>
      <td>{drift === 0 ? <Status tone="good">holds</Status> : <Status tone="bad">broken</Status>}</td>
      <td class="num">{drift}</td>
      <td>
        {broken.slice(0, SHOWN_MAX).map(({ id, what, expected, actual, currency }) => (
          <div>
            <code>{id}</code> {what}: expected {expected}, found {actual} {currency}
          </div>
        ))}
      </td>
    </tr>
  )
}
