import { getLevel, listLevels, listMovements } from '../../../../../src/contracts/http/inventory.ts'
import { Action, Done, Empty, Field, Id, Next, refused, Status, Table, type Tone, When } from '../parts.tsx'
import { chosen, type PageOf, pathOf } from '../view.ts'

/** Fewer are soon gone. */
const LOW = 5
const REFRESH_SECONDS = 10

const stateOf = (available: number): { tone: Tone; word: string } => {
  if (available === 0) return { tone: 'bad', word: 'out' }
  return available < LOW ? { tone: 'warn', word: 'low' } : { tone: 'good', word: 'in stock' }
}

const Shelf = ({ available }: { available: number }) => {
  const { tone, word } = stateOf(available)
  return <Status tone={tone}>{word}</Status>
}

export const inventoryPage: PageOf = async ({ api, query, now }) => {
  const filters = chosen(query, ['cursor'])
  const levels = await api.read(listLevels, '/inventory', filters)
  if (!levels.ok) return refused('Inventory', levels.reason)
  const { items, nextCursor } = levels.value
  const body = (
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
  )
  return { title: 'Inventory', body, refresh: REFRESH_SECONDS }
}

/** One product: its level, its movements, and a correction. */
export const productPage: PageOf = async ({ api, id, query, now }) => {
  const filters = chosen(query, ['cursor'])
  const [level, movements] = await Promise.all([
    api.read(getLevel, pathOf('inventory', id)),
    api.read(listMovements, pathOf('inventory', id, 'movements'), filters),
  ])
  if (!level.ok) return refused('Product', level.reason)
  if (!movements.ok) return refused('Product', movements.reason)
  const { onHand, reserved, available } = level.value
  const body = (
    <>
      <Done query={query} says={{ adjusted: 'The stock is adjusted.' }} />
      <div class="actions">
        <Action
          path={`${pathOf('console', 'inventory', id)}/adjust`}
          label="Adjust"
          says="Reserved stock is promised: no adjustment takes it away."
        >
          <Field label="How many more, or less (-3)" name="delta" type="number" isRequired />
          <Field label="Reason" name="reason" isRequired />
        </Action>
        <a class="button" href={`/console/recall?${new URLSearchParams({ productId: id })}`}>
          Recall it
        </a>
      </div>
      <div class="tiles" data-part="level">
        {Object.entries({ 'On hand': onHand, Reserved: reserved, Available: available }).map(
          ([name, value]) => (
            <dl class="tile">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </dl>
          ),
        )}
        <dl class="tile">
          <dt>Shelf</dt>
          <dd>
            <Shelf available={available} />
          </dd>
        </dl>
      </div>
      <h2>Movements</h2>
      <div data-part="movements">
        <Movements movements={movements.value.items} now={now} />
        <Next path={pathOf('console', 'inventory', id)} query={{ cursor: movements.value.nextCursor }} />
      </div>
    </>
  )
  return { title: `Product ${id}`, body, refresh: REFRESH_SECONDS }
}

type Movement = {
  kind: string
  quantity: number
  orderId?: string | undefined
  reason?: string | undefined
  at: string
}

const Movements = ({ movements, now }: { movements: Movement[]; now: number }) => {
  if (movements.length === 0) return <Empty title="Nothing has moved yet." />
  return (
    <Table label="Movements" heads={['Kind', 'Quantity', 'Order', 'Reason', 'When']}>
      {movements.map(({ kind, quantity, orderId, reason, at }) => (
        <tr>
          <td>{kind}</td>
          <td class="num">{quantity}</td>
          <td>{orderId !== undefined && <Id href={pathOf('console', 'orders', orderId)}>{orderId}</Id>}</td>
          <td>{reason}</td>
          <td>
            <When at={at} now={now} />
          </td>
        </tr>
      ))}
    </Table>
  )
}
