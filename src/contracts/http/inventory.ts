import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { amountField, currencyField, isAmountOf, productIdField, STOCK_DELTA_MAX } from '../fields.ts'
import { pageQuery, timedPageQuery } from '../paging.ts'
import { jsonAnswer, jsonBody, operation, pageOf } from './operation.ts'

const newProductParam = z.object({ productId: productIdField })

const putProductSchema = z
  .strictObject({
    name: z.string().min(1).max(200),
    unitPrice: amountField.gt(0),
    currency: currencyField,
  })
  .refine((product) => isAmountOf(product.unitPrice, product.currency), {
    path: ['unitPrice'],
    error: 'has more decimals than the currency, or is too large',
  })

export const productSchema = z.object({
  productId: z.string(),
  name: z.string(),
  unitPrice: z.number(),
  currency: z.string(),
})

const adjustStockSchema = z.strictObject({
  delta: z
    .int()
    .min(-STOCK_DELTA_MAX)
    .max(STOCK_DELTA_MAX)
    .refine((delta) => delta !== 0, 'must not be 0'),
  reason: z.string().min(1).max(200).default('adjustment'),
})

export const levelSchema = z.object({
  productId: z.string(),
  onHand: z.int(),
  reserved: z.int(),
  available: z.int(),
  updatedAt: z.string(),
})

export const movementSchema = z.object({
  kind: z.enum(['receipt', 'adjustment', 'reservation', 'commit', 'release', 'return']),
  quantity: z.int(),
  orderId: z.string().optional(),
  reason: z.string().optional(),
  at: z.string(),
})

const listSchema = z.strictObject(pageQuery)

const ledgerQuery = z.strictObject(timedPageQuery)

const productParam = z.object({ productId: z.string() })

export const putProduct = operation({
  scope: 'inventory:write',
  problems: [],
  route: createRoute({
    operationId: 'putProduct',
    tags: ['Products'],
    summary: 'Put a product into the catalogue',
    method: 'put',
    path: '/products/{productId}',
    request: { params: newProductParam, body: jsonBody(putProductSchema, true) },
    responses: {
      200: jsonAnswer(productSchema, 'The product as it is now'),
      201: jsonAnswer(productSchema, 'The new product'),
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
    method: 'get',
    path: '/products/{productId}',
    request: { params: productParam },
    responses: { 200: jsonAnswer(productSchema, 'The product') },
  }),
})

export const listProducts = operation({
  scope: 'inventory:read',
  problems: [],
  route: createRoute({
    operationId: 'listProducts',
    tags: ['Products'],
    summary: 'List the catalogue',
    method: 'get',
    path: '/products',
    request: { query: listSchema },
    responses: { 200: jsonAnswer(pageOf(productSchema), 'The catalogue') },
  }),
})

export const getLevel = operation({
  scope: 'inventory:read',
  problems: ['product_not_found'],
  route: createRoute({
    operationId: 'getLevel',
    tags: ['Inventory'],
    summary: 'Read the stock of a product as it is now',
    method: 'get',
    path: '/inventory/{productId}',
    request: { params: productParam },
    responses: { 200: jsonAnswer(levelSchema, 'The level as it is now') },
  }),
})

export const listLevels = operation({
  scope: 'inventory:read',
  problems: [],
  route: createRoute({
    operationId: 'listLevels',
    tags: ['Inventory'],
    summary: 'List the stock of all products',
    method: 'get',
    path: '/inventory',
    request: { query: listSchema },
    responses: { 200: jsonAnswer(pageOf(levelSchema), 'All levels') },
  }),
})

export const adjustStock = operation({
  scope: 'inventory:write',
  problems: ['product_not_found', 'insufficient_stock', 'stock_limit_exceeded', 'idempotency_key_reused'],
  route: createRoute({
    operationId: 'adjustStock',
    tags: ['Inventory'],
    summary: 'Receive stock or correct it',
    method: 'post',
    path: '/inventory/{productId}/adjustments',
    request: { params: productParam, body: jsonBody(adjustStockSchema, true) },
    responses: { 200: jsonAnswer(levelSchema, 'The new level') },
  }),
})

export const listMovements = operation({
  scope: 'inventory:read',
  problems: ['product_not_found'],
  route: createRoute({
    operationId: 'listMovements',
    tags: ['Inventory'],
    summary: "Read a product's ledger, newest first",
    method: 'get',
    path: '/inventory/{productId}/movements',
    request: { params: productParam, query: ledgerQuery },
    responses: { 200: jsonAnswer(pageOf(movementSchema), 'The ledger, newest first') },
  }),
})
