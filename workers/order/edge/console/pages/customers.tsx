import type { Customer, Erasure } from '../customers/erasure.ts'
import { Action, counted, Field, Hidden, Id } from '../parts.tsx'
import { chosen, type PageOf, pathOf } from '../view.ts'

/** Erases what is stored about one customer of a client. First it only looks. */
export const customersPage: PageOf = async ({ query }) => ({
  title: 'Erase a customer',
  body: <Asked of={chosen(query, ['client', 'customerId'])} />,
})

const Asked = ({ of }: { of: Readonly<Record<string, string>> }) => (
  <section class="card">
    <p>
      Erases the customer's id, the reference, the metadata and the reason of a cancellation in all settled
      orders of one customer, in the archive and in dead letters. Amounts, products and events stay.
    </p>
    <form class="filters" method="post" action="/console/customers/find">
      <Field label="Client" name="client" isRequired value={of['client'] ?? ''} />
      <Field label="Customer" name="customerId" isRequired value={of['customerId'] ?? ''} />
      <button type="submit">Look</button>
    </form>
  </section>
)

const sumOf = ({ orders, deadLetters }: Erasure): string =>
  `${counted(orders, 'order')} and ${counted(deadLetters, 'dead letter')}`

const archiveOf = ({ hasArchive }: Erasure): string =>
  hasArchive ? ' The archive was gone through too.' : ' There is no archive.'

type FoundProps = { customer: Customer; found: Erasure }

/** What a dry run has found. An order of the archive is counted as any other. */
export const Found = ({ customer, found }: FoundProps) => (
  <>
    <section class="card" data-part="found">
      <h2>If it is erased</h2>
      <p role="status">
        What {sumOf(found)} {found.cursor === undefined ? '' : 'or more '}say of {customer.customerId}, a
        customer of {customer.client}, would be erased.
        {found.cursor === undefined ? archiveOf(found) : ' There is more to go through.'}
      </p>
      <Waiting of={found} />
      <div class="actions">
        <Erase customer={customer} reason="" label="Erase it" />
      </div>
    </section>
    <Again />
  </>
)

type ErasedProps = { customer: Customer; reason: string; erased: Erasure }

export const Erased = ({ customer, reason, erased }: ErasedProps) => (
  <>
    <p class="done" role="status">
      What {sumOf(erased)} said of the customer is erased.
      {erased.cursor === undefined ? archiveOf(erased) : ' It is not done yet: go on.'} The{' '}
      <a href="/console/audit-log?kind=order">audit log</a> has it, without the customer's id.
    </p>
    <section class="card">
      <p>
        {erased.parts} of {counted(erased.of, 'part')} of the stored data were gone through.
      </p>
      <Waiting of={erased} />
      {erased.cursor !== undefined && (
        <div class="actions">
          <Erase customer={customer} reason={reason} before={erased} label="Go on" />
        </div>
      )}
    </section>
    <Again />
  </>
)

/** The operator wrote another id: nothing may have happened. */
export const NotConfirmed = () => (
  <>
    <p class="problem" role="alert">
      Nothing was erased: the id that you typed is not the customer's. Look again, and type it as it is shown.
    </p>
    <Again />
  </>
)

const Again = () => (
  <p>
    <a class="button" href="/console/customers">
      Another customer
    </a>
  </p>
)

const Waiting = ({ of: { waiting, named } }: { of: Erasure }) => {
  if (waiting === 0) return null
  return (
    <>
      <p>
        {counted(waiting, 'order waits', 'orders wait')}: not settled yet, or with events on their way. Erase
        again later.
      </p>
      <ul>
        {named.map((orderId) => (
          <li>
            <Id href={pathOf('console', 'orders', orderId)}>{orderId}</Id>
          </li>
        ))}
      </ul>
    </>
  )
}

type EraseProps = { customer: Customer; reason: string; before?: Erasure; label: string }

const Erase = ({ customer, reason, before, label }: EraseProps) => (
  <Action
    path="/console/customers/erase"
    label={label}
    isGrave
    says="What is erased cannot be brought back. The reason stays in the audit log: write no name into it."
  >
    <Hidden of={{ ...customer }} />
    {before === undefined ? (
      <Field label={`Type the customer's id: ${customer.customerId}`} name="confirmed" isRequired />
    ) : (
      <Continued before={before} customerId={customer.customerId} />
    )}
    <Field label="Reason" name="reason" isRequired value={reason} />
  </Action>
)

/** The operator has confirmed with the first click. */
const Continued = ({ before, customerId }: { before: Erasure; customerId: string }) => {
  const { orders, deadLetters, parts, of, hasArchive, waiting, cursor = '' } = before
  return (
    <>
      <Hidden of={{ confirmed: customerId, cursor, orders, deadLetters, waiting, parts, of }} />
      <Hidden of={{ hasArchive: String(hasArchive) }} />
    </>
  )
}
