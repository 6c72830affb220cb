import { getLevel, getProduct, listMovements } from '../../../../../src/contracts/http/inventory.ts'
import { Action, Done, Empty, Field, Id, money, Next, refused, Table, When } from '../parts.tsx'
import { chosen, type PageOf, pathOf } from '../view.ts'
import { ProductFields, Shelf } from './inventory.tsx'

const REFRESH_SECONDS = 10

const DONE: Readonly<Record<string, string>> = {
  adjusted: 'The stock is adjusted.',
  put: 'The product is stored. New orders have its price within seconds.',
  exists: 'There is a product with this id already: nothing was changed. Change it here.',
}

/** One product: its level, its movements, and a correction. */
export const productPage: PageOf = async ({ api, id, query, now }) => {
  const filters = chosen(query, ['cursor'])
  const [product, level, movements] = await Promise.all([
    api.read(getProduct, pathOf('products', id)),
    api.read(getLevel, pathOf('inventory', id)),
    api.read(listMovements, pathOf('inventory', id, 'movements'), filters),
  ])
  if (!product.ok) return refused('Product', product.reason)
  if (!level.ok) return refused('Product', level.reason)
  if (!movements.ok) return refused('Product', movements.reason)
  const { onHand, reserved, available } = level.value
  const { name, unitPrice, currency } = product.value
  const body = (
    <>
      <Done query={query} says={DONE} />
      <div class="actions">
        <Action
          path={`${pathOf('console', 'inventory', id)}/adjust`}
          label="Adjust"
          says="Reserved stock is promised: no adjustment takes it away. More with the reason receipt is booked as a receipt."
        >
          <Field label="How many more, or less (-3)" name="delta" type="number" isRequired />
          <Field label="Reason" name="reason" isRequired />
        </Action>
        <Action
          path={`${pathOf('console', 'inventory', id)}/change`}
          label="Change"
          says="New orders have the new price within seconds. Orders that were placed keep theirs."
        >
          <ProductFields name={name} unitPrice={unitPrice} currency={currency} />
        </Action>
        <a class="button" href={`/console/recall?${new URLSearchParams({ productId: id })}`}>
          Recall it
        </a>
      </div>
      <p>
        {name}, <strong>{money(unitPrice, currency)}</strong>
      </p>
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
