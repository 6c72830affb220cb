import type { SimulatedObject } from '../platform/object/durable-object.ts'
import type { Touch, Turn } from '../platform/object/turn.ts'
import type { Actor } from '../platform/scheduler.ts'

/** Makes namespaces of Durable Objects with these methods: each is a call over the network. */
export const namespaceOf = <Instance extends object>(methods: readonly (keyof Instance & string)[]) => {
  const stub = stubsWith(methods)
  return (objects: ReadonlyMap<string, SimulatedObject<Instance>>, caller: Actor) => ({
    idFromName: (name: string) => ({ name }),
    getByName: (name: string) => {
      const object = objects.get(name)
      if (object === undefined) throw new Error(`There is no object ${name}`)
      return stub(object, caller)
    },
  })
}

const stubsWith = <Instance extends object>(methods: readonly (keyof Instance & string)[]) => {
  class Stub {
    readonly object: SimulatedObject<Instance>
    readonly caller: Actor

    constructor(object: SimulatedObject<Instance>, caller: Actor) {
      this.object = object
      this.caller = caller
    }
  }
  for (const method of methods) {
    const call = function (this: Stub, ...args: unknown[]) {
      return this.object.call(this.caller, turnOf(method, args), (instance) =>
        Reflect.apply(instance[method] as (...args: unknown[]) => unknown, instance, args),
      )
    }
    Object.assign(Stub.prototype, { [method]: call })
  }
  return (object: SimulatedObject<Instance>, caller: Actor): object => new Stub(object, caller)
}

const EVENTS: Record<string, string> = {
  place: 'OrderPlaced',
  placeAll: 'OrderPlaced',
  cancel: 'CancellationRequested',
  requestRefund: 'RefundRequested',
}

/** The turn of a call. Its arguments show which orders it is about. */
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
