import * as audit from './audit.ts'
import * as auditLog from './audit-log.ts'
import * as customers from './customers.ts'
import * as letterGroups from './dead-letter-groups.ts'
import * as deliveries from './deliveries.ts'
import * as documents from './documents.ts'
import * as drills from './drills.ts'
import * as events from './events.ts'
import * as feed from './feed.ts'
import * as feedConsumers from './feed-consumers.ts'
import * as feedLeases from './feed-leases.ts'
import * as gateways from './gateways.ts'
import * as health from './health.ts'
import * as inventory from './inventory.ts'
import * as keys from './keys.ts'
import * as lists from './lists.ts'
import * as metrics from './metrics.ts'
import type { Operation } from './operation.ts'
import * as operations from './operations.ts'
import * as orders from './orders.ts'
import * as pauses from './pauses.ts'
import * as payments from './payments.ts'
import * as productFeed from './product-feed.ts'
import * as reconciliation from './reconciliation.ts'
import * as replays from './replays.ts'
import * as stockAlerts from './stock-alerts.ts'
import * as story from './story.ts'
import * as trace from './trace.ts'
import * as webhooks from './webhooks.ts'

/** The whole HTTP API, by the Worker that serves it. The edge admits, documents and forwards these calls alone. */
export const API = {
  order: [
    health.getHealth,
    health.getReadiness,
    documents.getStart,
    documents.getOpenApi,
    documents.getAsyncApi,
    documents.getEventSchema,
    documents.getApiPage,
    documents.getEventsPage,
    orders.placeOrder,
    orders.listOrders,
    orders.getOrder,
    orders.getOrderEvents,
    trace.getOrderTrace,
    story.getOrderStory,
    orders.cancelOrder,
    keys.createKey,
    keys.listKeys,
    keys.revokeKey,
    feed.readOrderFeed,
    feed.switchFeedOff,
    feedConsumers.putFeedConsumer,
    feedConsumers.listFeedConsumers,
    feedConsumers.getFeedConsumer,
    feedLeases.leaseFeedConsumer,
    feedLeases.commitFeedConsumer,
    feedConsumers.seekFeedConsumer,
    feedConsumers.pauseFeedConsumer,
    feedConsumers.resumeFeedConsumer,
    feedConsumers.testFeedConsumer,
    feedConsumers.removeFeedConsumer,
    lists.rebuildOrderList,
    pauses.listPauses,
    pauses.pauseOrders,
    pauses.resumeOrders,
    gateways.receiveStripeEvent,
    replays.replayEvents,
    customers.eraseCustomer,
    metrics.getMetrics,
    metrics.getMetricsHistory,
    metrics.getMetricsDay,
    audit.getAudit,
    events.publishEvents,
    drills.getFaults,
    drills.setFaults,
  ],
  inventory: [
    inventory.putProduct,
    inventory.listProducts,
    inventory.getProduct,
    inventory.listLevels,
    inventory.getLevel,
    inventory.adjustStock,
    inventory.listMovements,
    lists.rebuildMovementList,
    productFeed.readProductFeed,
    productFeed.switchProductFeedOff,
  ],
  payment: [
    payments.listPayments,
    payments.getPayment,
    payments.requestRefund,
    reconciliation.getReconciliation,
    payments.getSimulatedBooks,
    lists.rebuildPaymentList,
    drills.setOutage,
  ],
  operations: [
    auditLog.listAuditLog,
    stockAlerts.listStockAlerts,
    operations.listDeadLetters,
    letterGroups.listDeadLetterGroups,
    operations.getDeadLetter,
    letterGroups.redriveDeadLetters,
    operations.redriveDeadLetter,
    letterGroups.discardDeadLetters,
    operations.discardDeadLetter,
    drills.sendPoison,
    webhooks.registerWebhook,
    webhooks.listWebhooks,
    webhooks.getWebhook,
    webhooks.changeWebhook,
    webhooks.removeWebhook,
    webhooks.rotateWebhookSecret,
    deliveries.testWebhook,
    deliveries.listDeliveries,
    deliveries.resendDelivery,
    deliveries.resendDeliveries,
  ],
} as const satisfies Record<string, readonly Operation[]>
