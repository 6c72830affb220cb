import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import * as examples from '../examples/inventory.ts'
import {
  amountView,
  currencyField,
  currencyView,
  isAmountOf,
  orderIdField,
  productIdField,
  STOCK_DELTA_MAX,
  timestampView,
} from '../fields.ts'
import { pageQuery, timedPageQuery } from '../paging.ts'
import { jsonBody, jsonResponse, operation, pageOf } from './operation.ts'
import { newProductParam, productParam } from './parameters.ts'

const putProductSchema = z
  .strictObject({
    name: z.string().min(1).max(200),
    unitPrice: z.number().gt(0),
    currency: currencyField,
  })
  .refine((product) => isAmountOf(product.unitPrice, product.currency), {
    path: ['unitPrice'],
    error: 'has more decimals than the currency, or is too large',
  })
  .meta({ id: 'PutProduct' })

export const productSchema = z
  .object({ productId: productIdField, name: z.string(), unitPrice: amountView, currency: currencyView })
  .meta({ id: 'Product' })

const adjustStockSchema = z
  .strictObject({
    delta: z
      .int()
      .min(-STOCK_DELTA_MAX)
      .max(STOCK_DELTA_MAX)
      .refine((delta) => delta !== 0, 'must not be 0')
      .meta({ description: 'How much more there is, or less.', not: { const: 0 } }),
    reason: z
      .string()
      .min(1)
      .max(200)
      .default('adjustment')
      .meta({ description: '`receipt` with a positive `delta` is booked as a receipt.' }),
  })
  .meta({ id: 'AdjustStock' })

export const levelSchema = z
  .object({
    productId: productIdField,
    onHand: z.int().min(0),
    reserved: z.int().min(0).meta({ description: 'Promised to orders and not yet taken.' }),
    available: z.int().min(0).meta({ description: 'Always `onHand - reserved`.' }),
    updatedAt: timestampView,
  })
  .meta({ id: 'StockLevel' })

export const movementSchema = z
  .object({
    kind: z.enum(['receipt', 'adjustment', 'reservation', 'commit', 'release', 'return']),
    quantity: z.int().meta({ description: 'Below 0 only for an adjustment that takes away.' }),
    orderId: orderIdField.optional(),
    reason: z.string().optional(),
    at: timestampView,
  })
  .meta({ id: 'StockMovement' })

const listSchema = z.strictObject(pageQuery)

const ledgerQuery = z.strictObject(timedPageQuery)

export const putProduct = operation({
  scope: 'inventory:write',
  problems: [],
  route: createRoute({
    operationId: 'putProduct',
    tags: ['Products'],
    summary: 'Put a product into the catalogue',
    description:
      'The whole product: it replaces the one that was there before. The order service learns of it by event, soon after. Orders that were placed keep their price. A new product has nothing on hand.',
    method: 'put',
    path: '/products/{productId}',
    request: { params: newProductParam, body: jsonBody(putProductSchema, true, examples.putProductExample) },
    responses: {
      200: jsonResponse(productSchema, 'The product as it is now', { example: examples.productExample }),
      201: jsonResponse(productSchema, 'The new product', { example: examples.productExample }),
    },
  }),
})

export const getProduct = operation({
  scope: 'inventory:read',
  problems: ['product_not_found'],
  route: createRoute({
    operationId: 'getProduct',
    tags: ['Products'],
    summary: 'Read a product',
    description: 'Always current.',
    method: 'get',
    path: '/products/{productId}',
    request: { params: productParam },
    responses: { 200: jsonResponse(productSchema, 'The product', { example: examples.productExample }) },
  }),
})

export const listProducts = operation({
  scope: 'inventory:read',
  problems: [],
  route: createRoute({
    operationId: 'listProducts',
    tags: ['Products'],
    summary: 'List the catalogue',
    description: 'In the order of the product ids; it follows two to three seconds behind.',
    method: 'get',
    path: '/products',
    request: { query: listSchema },
    responses: {
      200: jsonResponse(pageOf(productSchema), 'The catalogue', {
        example: { items: [examples.productExample] },
      }),
    },
  }),
})

export const getLevel = operation({
  scope: 'inventory:read',
  problems: ['product_not_found'],
  route: createRoute({
    operationId: 'getLevel',
    tags: ['Inventory'],
    summary: 'Read the stock of a product as it is now',
    description:
      'Always current: a reservation raises `reserved`, a commit lowers both, a release lowers `reserved`, a return raises `onHand`.',
    method: 'get',
    path: '/inventory/{productId}',
    request: { params: productParam },
    responses: {
      200: jsonResponse(levelSchema, 'The level as it is now', { example: examples.levelExample }),
    },
  }),
})

export const listLevels = operation({
  scope: 'inventory:read',
  problems: [],
  route: createRoute({
    operationId: 'listLevels',
    tags: ['Inventory'],
    summary: 'List the stock of all products',
    description: 'Current, in the order of the product ids.',
    method: 'get',
    path: '/inventory',
    request: { query: listSchema },
    responses: {
      200: jsonResponse(pageOf(levelSchema), 'All levels', { example: { items: [examples.levelExample] } }),
    },
  }),
})

export const adjustStock = operation({
  scope: 'inventory:write',
  problems: ['product_not_found', 'insufficient_stock', 'stock_limit_exceeded', 'idempotency_key_reused'],
  route: createRoute({
    operationId: 'adjustStock',
    tags: ['Inventory'],
    summary: 'Receive stock or correct it',
    description: 'Reserved stock is promised: no adjustment takes it away.',
    method: 'post',
    path: '/inventory/{productId}/adjustments',
    request: { params: productParam, body: jsonBody(adjustStockSchema, true, examples.adjustStockExample) },
    responses: {
      200: jsonResponse(levelSchema, 'The new level', {
        example: examples.levelExample,
      }),
    },
  }),
})

export const listMovements = operation({
  scope: 'inventory:read',
  problems: ['product_not_found'],
  route: createRoute({
    operationId: 'listMovements',
    tags: ['Inventory'],
    summary: "Read a product's ledger, newest first",
    description: 'Every movement of its stock; it follows two to three seconds behind.',
    method: 'get',
    path: '/inventory/{productId}/movements',
    request: { params: productParam, query: ledgerQuery },
    responses: {
      200: jsonResponse(pageOf(movementSchema), 'The ledger, newest first', {
        example: { items: [examples.movementExample] },
      }),
    },
  }),
})
