import { listLevels } from '../../../../../src/contracts/http/inventory.ts'
import { listStockAlerts } from '../../../../../src/contracts/http/stock-alerts.ts'
import type { Instant } from '../../../../../src/kernel/instant.ts'
import {
  Action,
  Empty,
  Field,
  Id,
  Next,
  ProblemCard,
  refused,
  Status,
  Table,
  type Tone,
  When,
} from '../parts.tsx'
import { chosen, type PageOf, pathOf } from '../view.ts'

/** Fewer are soon gone. */
const LOW = 5
const REFRESH_SECONDS = 10
/** They stand below a page of levels. */
const DEPLETED_SHOWN = 5

const stateOf = (available: number): { tone: Tone; word: string } => {
  if (available === 0) return { tone: 'bad', word: 'out' }
  return available < LOW ? { tone: 'warn', word: 'low' } : { tone: 'good', word: 'in stock' }
}

export const Shelf = ({ available }: { available: number }) => {
  const { tone, word } = stateOf(available)
  return <Status tone={tone}>{word}</Status>
}

export const inventoryPage: PageOf = async ({ api, query, now }) => {
  const filters = chosen(query, ['cursor'])
  const [levels, depleted] = await Promise.all([
    api.read(listLevels, '/inventory', filters),
    api.read(listStockAlerts, '/stock-alerts', { type: 'StockDepleted', limit: DEPLETED_SHOWN }),
  ])
  if (!levels.ok) return refused('Inventory', levels.reason)
  const { items, nextCursor } = levels.value
  const body = (
    <>
      <div class="actions">
        <Action
          path="/console/inventory"
          label="New product"
          says="It has nothing on hand at first. Orders for it are taken within seconds."
        >
          <Field label="Id" name="productId" isRequired />
          <ProductFields />
        </Action>
      </div>
      <div data-part="levels">
        {items.length === 0 ? (
          <Empty title="There is no product yet. To add the demo catalogue:" command="npm start" />
        ) : (
          <Table label="Stock" heads={['Product', 'Shelf', 'On hand', 'Reserved', 'Available', 'Changed']}>
            {items.map((level) => (
              <tr>
                <td>
                  <Id href={pathOf('console', 'inventory', level.productId)}>{level.productId}</Id>
                </td>
                <td>
                  <Shelf available={level.available} />
                </td>
                <td class="num">{level.onHand}</td>
                <td class="num">{level.reserved}</td>
                <td class="num">{level.available}</td>
                <td>
                  <When at={level.updatedAt} now={now} />
                </td>
              </tr>
            ))}
          </Table>
        )}
        <Next path="/console/inventory" query={{ cursor: nextCursor }} />
      </div>
      <h2>Ran out lately</h2>
      <div data-part="depleted">
        {depleted.ok ? (
          <Depleted alerts={depleted.value.items} now={now} />
        ) : (
          <ProblemCard problem={depleted.reason} />
        )}
      </div>
    </>
  )
  return { title: 'Inventory', body, refresh: REFRESH_SECONDS }
}

const Depleted = ({ alerts, now }: { alerts: { productId: string; at: string }[]; now: Instant }) => {
  if (alerts.length === 0) return <Empty title="No product has run out." />
  return (
    <Table label="Ran out lately" heads={['Product', 'When']}>
      {alerts.map(({ productId, at }) => (
        <tr>
          <td>
            <Id href={pathOf('console', 'inventory', productId)}>{productId}</Id>
          </td>
          <td>
            <When at={at} now={now} />
          </td>
        </tr>
      ))}
    </Table>
  )
}

type ProductFieldsProps = { name?: string; unitPrice?: number; currency?: string }

export const ProductFields = ({ name = '', unitPrice, currency = 'USD' }: ProductFieldsProps) => (
  <>
    <Field label="Name" name="name" isRequired value={name} />
    <Field
      label="Price"
      name="unitPrice"
      type="number"
      step="any"
      isRequired
      value={String(unitPrice ?? '')}
    />
    <Field label="Currency" name="currency" isRequired value={currency} />
  </>
)
