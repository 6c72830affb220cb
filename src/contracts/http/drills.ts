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
