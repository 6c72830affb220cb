import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { stockAlertExample } from '../examples/stock-alerts.ts'
import { productIdField, timestampView } from '../fields.ts'
import { pageQuery } from '../paging.ts'
import { STOCK_ALERT_TYPES } from '../stock-alert.ts'
import { jsonResponse, operation, pageOf } from './operation.ts'

const stockAlertsQuery = z.strictObject({
  ...pageQuery,
  productId: productIdField.optional().meta({ description: 'Only alerts about this product.' }),
  type: z
    .enum(STOCK_ALERT_TYPES)
    .optional()
    .meta({ description: '`StockDepleted`: it ran out. `StockReplenished`: it is available again.' }),
})

export type StockAlertsQuery = z.infer<typeof stockAlertsQuery>

const stockAlertView = z
  .object({
    id: z.string().meta({ description: "The event's id, which webhooks have too." }),
    productId: productIdField,
    type: z.enum(STOCK_ALERT_TYPES),
    available: z.int().min(0).meta({ description: 'What was available just after.' }),
    at: timestampView,
  })
  .meta({ id: 'StockAlert' })

export const listStockAlerts = operation({
  scope: 'inventory:read',
  problems: [],
  route: createRoute({
    operationId: 'listStockAlerts',
    tags: ['Inventory'],
    summary: 'List when products ran out or were available again, newest first',
    description:
      'Of the last 90 days; it follows some seconds behind. The stock as it is now is in the level.',
    method: 'get',
    path: '/stock-alerts',
    request: { query: stockAlertsQuery },
    responses: {
      200: jsonResponse(pageOf(stockAlertView), 'The alerts, newest first', {
        example: { items: [stockAlertExample] },
      }),
    },
  }),
})
