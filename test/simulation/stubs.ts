import type { SimulatedObject, Touch, Turn } from './durable-object.ts'
import type { Actor } from './scheduler.ts'

/** A Durable Object's stub: its methods as calls over the network. */
export const createStub = <Instance extends object>(
  object: SimulatedObject<Instance>,
  caller: Actor,
  methods: readonly (keyof Instance & string)[],
): object =>
  Object.fromEntries(
    methods.map((method) => [
      method,
      (...args: unknown[]) =>
        object.call(caller, turnOf(method, args), (instance) =>
          Reflect.apply(instance[method] as (...args: unknown[]) => unknown, instance, args),
        ),
    ]),
  )

const EVENTS: Record<string, string> = {
  place: 'OrderPlaced',
  cancel: 'CancellationRequested',
  requestRefund: 'RefundRequested',
}

/** Which orders a call is about, read from its arguments. */
const turnOf = (method: string, args: readonly unknown[]): Turn => {
  const list = Array.isArray(args[0]) ? args[0] : [args[0]]
  return { what: method, touches: list.flatMap((each) => touchOf(method, each)) }
}

const touchOf = (method: string, argument: unknown): Touch[] => {
  if (typeof argument !== 'object' || argument === null) return []
  const event = 'type' in argument ? String(argument.type) : (EVENTS[method] ?? method)
  const orderId = orderIdOf(argument)
  return orderId === undefined ? [] : [{ event, orderId }]
}

const orderIdOf = (argument: object): string | undefined => {
  if ('subject' in argument) return String(argument.subject)
  if ('orderId' in argument) return String(argument.orderId)
  if (!('placement' in argument)) return undefined
  const { placement } = argument
  const isPlacement = typeof placement === 'object' && placement !== null && 'value' in placement
  if (!isPlacement || typeof placement.value !== 'object' || placement.value === null) return undefined
  return 'orderId' in placement.value ? String(placement.value.orderId) : undefined
}
