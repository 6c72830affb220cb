import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { CONSUMERS } from '../dead-letter.ts'
import { jsonBody, jsonResponse, operation } from './operation.ts'
import { queueField } from './operations.ts'

/*
 * Drills: what an operator wants to have met before it happens. Only a demo has them, where the simulator is the bank and
 * `DEMO_CATALOGUE` is set; elsewhere there is nothing at these addresses.
 */

const outageSchema = z
  .strictObject({ isDown: z.boolean().meta({ description: 'Whether the bank is down from now on.' }) })
  .meta({ id: 'SimulatedOutage' })

const poisonSchema = z
  .strictObject({ queue: queueField.meta({ description: 'The inbox that gets the message.' }) })
  .meta({ id: 'PoisonMessage' })

const consumersField = z.array(z.enum(CONSUMERS)).max(CONSUMERS.length)

const faultFields = {
  duplicates: z.boolean().meta({ description: 'Every message is sent twice.' }),
  delaySeconds: z.int().min(0).max(60).meta({ description: 'Every message is delivered so much later.' }),
  crashing: consumersField.meta({
    description:
      'Consumers that handle their next batch and crash before they acknowledge it. Each leaves the list once it has crashed.',
  }),
  stopped: consumersField.meta({ description: 'Consumers that take nothing from their inbox.' }),
  bank: z.enum(['well', 'slow', 'failing']).meta({
    description:
      '`slow`: each call takes three seconds longer. `failing`: each call is answered with an error.',
  }),
}

const faultsSchema = z.strictObject(faultFields).meta({ id: 'Faults' })

/** The faults of a system in which drills let things go wrong. */
export type Faults = z.infer<typeof faultsSchema>

export const NO_FAULTS: Faults = {
  duplicates: false,
  delaySeconds: 0,
  crashing: [],
  stopped: [],
  bank: 'well',
}

const wantedFaultsSchema = z
  .strictObject({
    duplicates: faultFields.duplicates.default(NO_FAULTS.duplicates),
    delaySeconds: faultFields.delaySeconds.default(NO_FAULTS.delaySeconds),
    crashing: faultFields.crashing.default(NO_FAULTS.crashing),
    stopped: faultFields.stopped.default(NO_FAULTS.stopped),
    bank: faultFields.bank.default(NO_FAULTS.bank),
  })
  .meta({ id: 'WantedFaults' })

export const getFaults = operation({
  scope: 'operations',
  problems: ['not_found'],
  route: createRoute({
    operationId: 'getFaults',
    tags: ['Drills'],
    summary: 'Read the faults that were set',
    description: 'Only in a demo.',
    method: 'get',
    path: '/simulator/faults',
    responses: { 200: jsonResponse(faultsSchema, 'As they are now', { example: NO_FAULTS }) },
  }),
})

export const setFaults = operation({
  scope: 'operations',
  problems: ['not_found'],
  route: createRoute({
    operationId: 'setFaults',
    tags: ['Drills'],
    summary: 'Let things go wrong around the Workers',
    description:
      'The faults that are named begin, and all others end: `{}` ends them all. They lie in the memory of the Workers, and end with it. Only in a demo that `npm start` runs: a deployment has no faults in its bundle.',
    method: 'post',
    path: '/simulator/faults',
    request: { body: jsonBody(wantedFaultsSchema, true, { stopped: ['payment'] }) },
    responses: {
      200: jsonResponse(faultsSchema, 'As they are now', { example: { ...NO_FAULTS, stopped: ['payment'] } }),
    },
  }),
})

export const setOutage = operation({
  scope: 'operations',
  problems: ['not_found'],
  route: createRoute({
    operationId: 'setOutage',
    tags: ['Drills'],
    summary: 'Begin or end an outage of the simulated bank',
    description:
      'During an outage the bank responds to no call. Orders wait for it, and go on by themselves within about half a minute after its end. The payment token `pm_sim_down` begins one too. A second call with the same value changes nothing. Only in a demo.',
    method: 'post',
    path: '/simulator/outage',
    request: { body: jsonBody(outageSchema, true, { isDown: false }) },
    responses: { 200: jsonResponse(outageSchema, 'As it is now', { example: { isDown: false } }) },
  }),
})

export const sendPoison = operation({
  scope: 'operations',
  problems: ['not_found', 'idempotency_key_reused', 'request_in_progress'],
  route: createRoute({
    operationId: 'sendPoison',
    tags: ['Drills'],
    summary: 'Put a message on an inbox that its consumer cannot handle',
    description:
      'An event of a type that no consumer knows. It becomes a dead letter with the reason `unknown_type` and the id of the response. It concerns no order. Only in a demo.',
    method: 'post',
    path: '/simulator/poison',
    request: { body: jsonBody(poisonSchema, true, { queue: 'inventory-inbox' }) },
    responses: {
      202: jsonResponse(
        poisonSchema.extend({ eventId: z.string() }).meta({ id: 'SentPoison' }),
        'On its way',
        { example: { queue: `${CONSUMERS[0]}-inbox`, eventId: 'poison-01m84cect7ws6kqky32zvfd1pr' } },
      ),
    },
  }),
})
