import { EVENTS, type EventType } from '../../src/contracts/events.ts'
import { oneOf } from './arguments.ts'

const TYPES = Object.keys(EVENTS) as EventType[]

/** The types that `--type A,B` names. Empty where the flag is not given. */
export const typesIn = (type: string | undefined): { types?: EventType[] } =>
  type === undefined ? {} : { types: type.split(',').map((each) => oneOf(TYPES, each, '--type')) }
