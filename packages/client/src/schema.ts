/**
 * The HTTP API as types, from its OpenAPI document. Do not edit: `npm run client:types` writes this file anew.
 */
export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the edge alive?
         * @description Says nothing about the parts behind the edge: `/readyz` does.
         *
         *     Open: it needs no key.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Can an order be placed and settled?
         * @description Asks every Worker, and each names what it lacks: migrations, bindings, configuration. The response may be five seconds old, or one second where a Worker is not ready. `errors` are the words of the parts themselves, and `parts` names bindings, applied migrations, settings (without their values) and the version that runs: only a key with the scope `operations` sees them. `warnings` name settings that orders can do without, and how to set them.
         *
         *     Open: it needs no key.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Start here
         * @description Leads a browser to `/docs`.
         *
         *     Open: it needs no key.
         */
        get: operations["getStart"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read this document
         * @description The HTTP API as OpenAPI 3.1.
         *
         *     Open: it needs no key.
         */
        get: operations["getOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/asyncapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the document of the events
         * @description The queues, the senders and messages of each, and every version of every event as AsyncAPI 3.
         *
         *     Open: it needs no key.
         */
        get: operations["getAsyncApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/schemas/{type}/{version}.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the schema of an event's version
         * @description JSON Schema 2020-12 of the whole message. Every version that was ever published has one.
         *
         *     Open: it needs no key.
         */
        get: operations["getEventSchema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the HTTP API in a browser
         * @description A page that shows `/openapi.json`, and loads nothing from other hosts.
         *
         *     Open: it needs no key.
         */
        get: operations["getApiPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read about the events in a browser
         * @description A page that shows `/asyncapi.json`, and loads nothing from other hosts.
         *
         *     Open: it needs no key.
         */
        get: operations["getEventsPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List orders, newest first
         * @description From a read model that follows two to three seconds behind. Filters can be combined. A page reads a bounded number of orders: one that finds few of them is shorter than `limit`, or empty, and its `nextCursor` goes on. A key sees the orders of its own client; one with the scope `operations` sees all.
         *
         *     Needs a key with the scope `orders:read`.
         */
        get: operations["listOrders"];
        put?: never;
        /**
         * Place an order
         * @description Prices come from the catalogue. 202 means that the order is durably stored: it is decided and settled soon after, also after a crash. With `Prefer: wait=N` the response waits for the decision, and is 200 if the order is decided in time.
         *
         *     Needs a key with the scope `orders:write`.
         */
        post: operations["placeOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/{orderId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an order as it is now
         * @description Always current: it is read from the order's own partition. The `ETag` is its version.
         *
         *     Needs a key with the scope `orders:read`, or the order's read token.
         */
        get: operations["getOrder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/{orderId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what happened to an order
         * @description Its events as CloudEvents, in the order in which they took effect, without the payment token. With `Accept: text/event-stream` they come live, as server-sent events (`id` is that of the event, `event` its type, `data` the CloudEvent in one line), until the order is settled. The AsyncAPI document describes each.
         *
         *     Needs a key with the scope `orders:read`, or the order's read token.
         */
        get: operations["getOrderEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/{orderId}/trace": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an order's trace
         * @description As OTLP JSON, to be posted to `/v1/traces` of any OpenTelemetry receiver. No span is stored: each event of the order is a span, from the time of the event that caused it to its own time. So a span has the wait in the queue, and the work up to its event. The ids of spans follow from the ids of events: a trace that is read or posted twice has the same spans.
         *
         *     Needs a key with the scope `orders:read`.
         */
        get: operations["getOrderTrace"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/{orderId}/story": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read everything about an order
         * @description The order, its events, its payment, what the bank did, its stock, deliveries to webhooks, dead letters, and what operators did about those. Each part is current. A part that the key may not see, or that does not respond, is named in `unread`; the others are shown.
         *
         *     Needs a key with the scope `orders:read`.
         */
        get: operations["getOrderStory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/orders/{orderId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an order
         * @description The order is cancelled at once. Its stock goes back and its money is voided or refunded soon after. A cancelled order stays as it is; a rejected order has nothing to cancel.
         *
         *     Needs a key with the scope `orders:write`.
         */
        post: operations["cancelOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List API keys, newest first
         * @description Revoked keys too, and each without its secret. The bootstrap key is not listed.
         *
         *     Needs a key with the scope `operations`.
         */
        get: operations["listKeys"];
        put?: never;
        /**
         * Create an API key for a client
         * @description Only a hash of the key is stored, so it is shown once. It works at once, and may have any scopes: a key with the scope `operations` could give itself any other.
         *
         *     Needs a key with the scope `operations`.
         */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description The key is refused everywhere within 30 seconds. It cannot be restored. A repeated call has no further effect. With `cascade=true` the keys that it made are revoked too, and those that they made, and the webhooks of all of them are disabled. Without it the response names the keys and webhooks that live on. Where the webhooks cannot be disabled just now, the response is 503 although the keys are revoked: repeat the call.
         *
         *     Needs a key with the scope `operations`.
         */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feed/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the events of all orders, from the oldest on
         * @description A batch of CloudEvents, as in [HTTP Feeds](https://www.http-feeds.org). Without `after` it begins at the oldest order. `Next-Cursor` is the `after` of the next call; store it once you have stored the events. No event is missing, and those of one order come in the order in which they took effect. An event may come more than once: skip a `sequence` that you have. The first read switches the feed on, which costs a written row for each change of an order from then on, until `DELETE /feed`.
         *
         *     Needs a key with the scope `operations`.
         */
        get: operations["readOrderFeed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Switch the feed off
         * @description Orders cost what they cost before. Every cursor until now is refused from now on: the next reader begins anew, without `after`, and so switches the feed on again. A repeated call has no further effect.
         *
         *     Needs a key with the scope `operations`.
         */
        delete: operations["switchFeedOff"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feed/consumers/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read where a consumer is
         * @description Always current: the lag is measured in every partition.
         *
         *     Needs a key with the scope `operations`.
         */
        get: operations["getFeedConsumer"];
        /**
         * Make a consumer of a feed, or change its types
         * @description A consumer is a reader of `GET /feed/orders` or `GET /feed/products` whose cursor is kept here. This switches the feed on. A consumer that exists stays where it is: `start` counts only for a new one. It keeps its feed: another one in the body is 409 `consumer_of_other_feed`. A consumer of the products takes no `types`, and no `start` but `at`.
         *
         *     Needs a key with the scope `operations`.
         */
        put: operations["putFeedConsumer"];
        post?: never;
        /**
         * Remove a consumer of the feed
         * @description Its position is forgotten. The feed stays on. A repeated call has no further effect.
         *
         *     Needs a key with the scope `operations`.
         */
        delete: operations["removeFeedConsumer"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feed/consumers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the consumers of the feeds
         * @description All of them, by name, with their health and lag. There are at most 50.
         *
         *     Needs a key with the scope `operations`.
         */
        get: operations["listFeedConsumers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feed/consumers/{name}/lease": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take the lease of a consumer
         * @description Only the holder of the last lease can commit. While the lease of another holder lasts, the response is 409 `consumer_leased`. A holder of the same name gets a new lease at once, and the old one is lost: so a process that comes back after a crash need not wait. With `lease`, the holder renews its own; 409 `lease_lost` then means that it has to begin again from the cursor of a new lease.
         *
         *     Needs a key with the scope `operations`.
         */
        post: operations["leaseFeedConsumer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feed/consumers/{name}/commit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what was delivered, or why it was not
         * @description With `cursor`, everything before it is delivered. With `error`, the consumer is `retrying`, and its cursor stays. Either renews the lease. A holder whose lease another one has taken gets 409 `lease_lost`, as after a seek, a pause or a test: it leases again.
         *
         *     Needs a key with the scope `operations`.
         */
        post: operations["commitFeedConsumer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feed/consumers/{name}/seek": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move a consumer to another place
         * @description The consumer goes on from there, back or forth. Its lease ends: the holder leases again. What is before the place and was not delivered is left out. A consumer of the products takes `at` alone.
         *
         *     Needs a key with the scope `operations`.
         */
        post: operations["seekFeedConsumer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feed/consumers/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a consumer
         * @description Its lease ends, and it cannot be leased until it is resumed. What comes meanwhile is delivered then.
         *
         *     Needs a key with the scope `operations`.
         */
        post: operations["pauseFeedConsumer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feed/consumers/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a consumer
         * @description It goes on from where it was. A repeated call has no further effect.
         *
         *     Needs a key with the scope `operations`.
         */
        post: operations["resumeFeedConsumer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feed/consumers/{name}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test event through a consumer
         * @description The next page of the consumer is one event of type `FeedTested`, whatever types it wants. Its lease ends, so that the holder leases again and finds it: the page that it is delivering now is then delivered once more.
         *
         *     Needs a key with the scope `operations`.
         */
        post: operations["testFeedConsumer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/lists/orders/rebuild": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fill the list of orders anew
         * @description Each partition writes all its orders to the list once more, in portions, beside its other work. What the list shows already stays. A second call starts the work again.
         *
         *     Needs a key with the scope `operations`.
         */
        post: operations["rebuildOrderList"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pauses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the pauses of new orders
         * @description The pause of all orders first, then those of products. Always current.
         *
         *     Needs a key with the scope `operations`.
         */
        get: operations["listPauses"];
        put?: never;
        /**
         * Refuse new orders for a while
         * @description All new orders, or those with one product, get 503 `orders_paused` within two seconds, until `POST /pauses/lift`. A restart changes nothing. Accepted orders go on and settle, and a repeated request still gets its first response. At most 99 products can be paused at a time.
         *
         *     Needs a key with the scope `operations`.
         */
        post: operations["pauseOrders"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pauses/lift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take new orders again
         * @description Ends one pause: that of a product, or, without a product, that of all orders. Pauses of single products then go on. New orders are accepted within two seconds.
         *
         *     Needs a key with the scope `operations`.
         */
        post: operations["resumeOrders"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/gateways/stripe/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What Stripe posts
         * @description For Stripe alone: the header `Stripe-Signature` signs the body as it was sent. The event is a hint: the payment follows what Stripe says when it is asked about the order. An event that comes again changes nothing.
         *
         *     Open: it needs no key.
         */
        post: operations["receiveStripeEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/replays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send events to a service once more
         * @description The events of some orders, or of those placed in a time, oldest order first, a portion in each call. They keep their ids. A service that has handled them does nothing again; one that has lost them does what is missing. The orders of a time come from the list of orders, which is two to three seconds behind. The caller decides how fast the portions follow each other.
         *
         *     Needs a key with the scope `operations`.
         */
        post: operations["replayEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/customers/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erase what is stored about a customer
         * @description Erases `customerId`, `reference`, `metadata` and the reason of a cancellation in all settled orders of one customer, in lists and in dead letters, a portion in each call. Amounts, products and events stay, so the books still add up. What is erased cannot be brought back. The same call again finds what came since.
         *
         *     Needs a key with the scope `operations`.
         */
        post: operations["eraseCustomer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the metrics of the system
         * @description Counters, gauges and histograms in the text format of Prometheus, version 0.0.4. Partitions are measured at most once in five seconds, however many ask. A part that does not respond has its `up` gauge at 0, and its other series are left out.
         *
         *     Needs a key with the scope `operations`.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the last hour by the minute
         * @description What became of orders in each minute of the last hour. Partitions count it in memory, and store it with what they store anyway: a crash loses the last seconds. The response may be five seconds old.
         *
         *     Needs a key with the scope `operations`.
         */
        get: operations["getMetricsHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics/day": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the last day by the half hour
         * @description What became of orders in each half hour of the last day. It is counted and stored with the minutes of `GET /metrics/history`. A half hour before the first order, or before the release that counts by the half hour, has zeros. The response may be five seconds old.
         *
         *     Needs a key with the scope `operations`.
         */
        get: operations["getMetricsDay"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check the conservation laws of stock and money
         * @description The laws are computed again from the partitions of all services and from the bank's books, a page at a time: first the stock of all products, then the orders by their ids. A small system is one page. A page has its own drift; a law holds where its drift is 0 on every page. Orders go on meanwhile: what is under way is counted, and not judged.
         *
         *     Needs a key with the scope `operations`.
         */
        get: operations["getAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Place orders by events from outside
         * @description Takes `OrderPlaced`, alone or in a batch: as a CloudEvent of version 1 or 2, structured or binary, or as the plain version 1. Each places that order under its own `orderId`, by the rules of `POST /orders`. That id belongs to its client: another client may use the same one. All events of a batch are checked before any takes effect. The same order again is the same order. Unknown extra fields are ignored, except that a version 1 event which names another currency than the default one is refused.
         *
         *     Needs a key with the scope `events:write`.
         */
        post: operations["publishEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/simulator/faults": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the faults that were set
         * @description Only in a demo.
         *
         *     Needs a key with the scope `operations`.
         */
        get: operations["getFaults"];
        put?: never;
        /**
         * Let things go wrong around the Workers
         * @description The faults that are named begin, and all others end: `{}` ends them all. They lie in the memory of the Workers, and end with it. Only in a demo that `npm start` runs: a deployment has no faults in its bundle.
         *
         *     Needs a key with the scope `operations`.
         */
        post: operations["setFaults"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/products/{productId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a product
         * @description Always current.
         *
         *     Needs a key with the scope `inventory:read`.
         */
        get: operations["getProduct"];
        /**
         * Put a product into the catalogue
         * @description The whole product: it replaces the one that was there before. The order service learns of it by event, soon after. Orders that were placed keep their price. A new product has nothing on hand.
         *
         *     Needs a key with the scope `inventory:write`.
         */
        put: operations["putProduct"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the catalogue
         * @description In the order of the product ids; it follows two to three seconds behind.
         *
         *     Needs a key with the scope `inventory:read`.
         */
        get: operations["listProducts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/inventory": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the stock of all products
         * @description Current, in the order of the product ids.
         *
         *     Needs a key with the scope `inventory:read`.
         */
        get: operations["listLevels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/inventory/{productId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the stock of a product as it is now
         * @description Always current: a reservation raises `reserved`, a commit lowers both, a release lowers `reserved`, a return raises `onHand`.
         *
         *     Needs a key with the scope `inventory:read`.
         */
        get: operations["getLevel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/inventory/{productId}/adjustments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Receive stock or correct it
         * @description Reserved stock is promised: no adjustment takes it away.
         *
         *     Needs a key with the scope `inventory:write`.
         */
        post: operations["adjustStock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/inventory/{productId}/movements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a product's ledger, newest first
         * @description Every movement of its stock; it follows two to three seconds behind.
         *
         *     Needs a key with the scope `inventory:read`.
         */
        get: operations["listMovements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/lists/movements/rebuild": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fill the ledger of stock's movements anew
         * @description Each partition writes all its movements to the ledger and all its products to the catalogue once more, and publishes its products for the copy that prices orders; in portions, beside its other work. What the list shows already stays. A second call starts the work again.
         *
         *     Needs a key with the scope `operations`.
         */
        post: operations["rebuildMovementList"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/feed/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read all products with their stock, and then each change
         * @description A batch of CloudEvents of one type, `ProductState`: a product with its name, price and stock. Without `after` it begins with all products. `Next-Cursor` is the `after` of the next call; store it once you have stored the events. Each product that changed comes again, in its newest version. Versions of a product come in order; a version may come more than once, and those that a later one has replaced do not come. The first read switches the feed on, which costs a written row for each change of a product or its stock from then on, until `DELETE /feed/products`.
         *
         *     Needs a key with the scope `inventory:read`.
         */
        get: operations["readProductFeed"];
        put?: never;
        post?: never;
        /**
         * Switch the product feed off
         * @description Changes of products and stock cost what they cost before. Every cursor of this feed until now is refused from now on: the next reader begins anew, without `after`, and so switches the feed on again. A repeated call has no further effect.
         *
         *     Needs a key with the scope `operations`.
         */
        delete: operations["switchProductFeedOff"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List payments, newest first
         * @description From a read model that follows two to three seconds behind. A page with `status` or `stuck` may be shorter than its limit, or empty, and still have a `nextCursor`.
         *
         *     Needs a key with the scope `payments:read`.
         */
        get: operations["listPayments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/{orderId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the payment of an order as it is now
         * @description Always current. For a moment, before `OrderPlaced` reaches the payment service, there is none.
         *
         *     Needs a key with the scope `payments:read`.
         */
        get: operations["getPayment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/payments/{orderId}/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Refund a payment, in full or in part
         * @description Stored at once and carried out soon: read its outcome from the payment. It does not cancel the order.
         *
         *     Needs a key with the scope `payments:write`.
         */
        post: operations["requestRefund"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reconciliation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where the bank and the payments differ
         * @description Reads the bank's own list of payments and the payments of a time, page by page, and returns the differences. A page may have none and a cursor all the same. Payments with a call under way are left out, and payments of orders in the archive are only counted. Nothing is changed.
         *
         *     Needs a key with the scope `operations`.
         */
        get: operations["getReconciliation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/simulator/payments/{orderId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the simulated bank's own books
         * @description The operations of the simulated bank itself, apart from the records of the payment service. Only where the simulator is the bank. An order that the bank does not know has no operations and zeros, and so has an order of another client.
         *
         *     Needs a key with the scope `payments:read`.
         */
        get: operations["getSimulatedBooks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/lists/payments/rebuild": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fill the list of payments anew
         * @description Each partition writes all its payments to the list once more, in portions, beside its other work. What the list shows already stays. A second call starts the work again.
         *
         *     Needs a key with the scope `operations`.
         */
        post: operations["rebuildPaymentList"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/simulator/outage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin or end an outage of the simulated bank
         * @description During an outage the bank responds to no call. Orders wait for it, and go on by themselves within about half a minute after its end. The payment token `pm_sim_down` begins one too. A second call with the same value changes nothing. Only in a demo.
         *
         *     Needs a key with the scope `operations`.
         */
        post: operations["setOutage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who did what, newest first
         * @description Changes of keys, orders (cancellations), refunds, stock, products, webhooks and dead letters, each with its actor, time and reason. It has no payment token, no secret and nothing about customers. A page that combines filters may be shorter than its limit, or empty, and still have a `nextCursor`.
         *
         *     Needs a key with the scope `operations`.
         */
        get: operations["listAuditLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stock-alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List when products ran out or were available again, newest first
         * @description Of the last 90 days; it follows some seconds behind. The stock as it is now is in the level.
         *
         *     Needs a key with the scope `inventory:read`.
         */
        get: operations["listStockAlerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what could not be handled, newest first
         * @description Each event that a consumer gave up, with the reason. A page that combines filters may be shorter than its limit, or empty, and still have a `nextCursor`.
         *
         *     Needs a key with the scope `operations`.
         */
        get: operations["listDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letter-groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Group dead letters by queue, reason and error
         * @description The largest group first. It counts the newest 10 000 letters, and shows up to 100 groups.
         *
         *     Needs a key with the scope `operations`.
         */
        get: operations["listDeadLetterGroups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a dead letter, with its event against its schema
         * @description `validation` is about the event as it is stored, with its payment token, which `event` leaves out. `GET /audit-log?subject=` has what operators did about the letter.
         *
         *     Needs a key with the scope `operations`.
         */
        get: operations["getDeadLetter"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send several dead letters again
         * @description Each goes to its inbox again under its own id, so that it takes effect once. Of two variants the newest goes. Letters whose payment token was erased are left out. With a `rate` the queue delays them, so that the response does not wait. A dry run checks each event against its schema.
         *
         *     Needs a key with the scope `operations`.
         */
        post: operations["redriveDeadLetters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters/{id}/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a dead letter again
         * @description It goes to its inbox again under its own id; of two variants the newest goes. If it cannot be handled this time either, it is `open` again. A closed letter whose payment token was erased is refused.
         *
         *     Needs a key with the scope `operations`.
         */
        post: operations["redriveDeadLetter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give several dead letters up, with a reason
         * @description Each is discarded as by `POST /dead-letters/{id}/discard`, with its own entry in the audit log.
         *
         *     Needs a key with the scope `operations`.
         */
        post: operations["discardDeadLetters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters/{id}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a dead letter up, with a reason
         * @description It stays in the list, and stays discarded if the same event comes again. Another event under its `source` and `id` opens it again.
         *
         *     Needs a key with the scope `operations`.
         */
        post: operations["discardDeadLetter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/simulator/poison": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put a message on an inbox that its consumer cannot handle
         * @description An event of a type that no consumer knows. It becomes a dead letter with the reason `unknown_type` and the id of the response. It concerns no order. Only in a demo.
         *
         *     Needs a key with the scope `operations`.
         */
        post: operations["sendPoison"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List webhooks, oldest first
         * @description The webhooks of the client, each with its health. With the scope `operations`, those of all clients.
         *
         *     Needs a key with the scope `orders:read`.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Have events posted to an address
         * @description The URL is checked: https, and no private address. The response waits until every order partition has stored the types: every order placed after a 201 is announced. Where that takes more than a few seconds the response is 202, and the webhook is `pending` until then.
         *
         *     Needs a key with the scope `orders:write`.
         */
        post: operations["registerWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a webhook
         * @description With its health, without its secrets.
         *
         *     Needs a key with the scope `orders:read`.
         */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * Remove a webhook with its deliveries
         * @description Nothing is sent to it any more, except for a request that is just being made, and its log is deleted.
         *
         *     Needs a key with the scope `orders:write`.
         */
        delete: operations["removeWebhook"];
        options?: never;
        head?: never;
        /**
         * Change the address or the events, disable, or enable again
         * @description Disabling gives up all deliveries, except for a request that is just being made. Events of the time while it is disabled are never sent. Where it is enabled again or gets more types of order events, the response waits as for a new webhook, and is 202 where the webhook is still `pending`.
         *
         *     Needs a key with the scope `orders:write`.
         */
        patch: operations["changeWebhook"];
        trace?: never;
    };
    "/webhooks/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a webhook a new secret; the old one stays valid for an overlap
         * @description While both are valid every request has a signature of each. The key also needs the scopes to read the events of the webhook: with the secret its bearer can sign requests to the receiver as this system does.
         *
         *     Needs a key with the scope `orders:write`.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test event
         * @description An event of type `WebhookTested`, logged like any other and tried once.
         *
         *     Needs a key with the scope `orders:write`.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what was sent to a webhook, newest first
         * @description Kept for seven days after they ended. A page of `delivered` ones may be shorter than its limit, or empty, and still have a `nextCursor`.
         *
         *     Needs a key with the scope `orders:read`.
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}/deliveries/{deliveryId}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a delivery again, under the same id
         * @description Also one that was delivered or has failed: with the same id and body, and as many tries as a new one.
         *
         *     Needs a key with the scope `orders:write`.
         */
        post: operations["resendDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send the failed deliveries of a time again, in portions
         * @description What was sent again no longer matches, so that the next call continues. Each goes under its own id, with as many tries as a new one, and waits for a free connection and for the end of the rest of the address. Tests are left out. A dry run also counts for a disabled webhook.
         *
         *     Needs a key with the scope `orders:write`.
         */
        post: operations["resendDeliveries"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        /** @description RFC 9457. */
        Problem: {
            /** @description The kind of problem, as a URI. */
            type: string;
            title: string;
            status: number;
            /** @description What happened, for people. */
            detail: string;
            /** @description What happened, for programs: it never changes. */
            code: string;
            /** @description Each fault of the request, with a JSON pointer to it. */
            errors?: {
                path: string;
                message: string;
            }[];
            /** @description The trace to name when you ask the operators. */
            traceId: string;
        };
        Readiness: {
            ready: boolean;
            workers: {
                order: components["schemas"]["WorkerReadiness"];
                inventory: components["schemas"]["WorkerReadiness"];
                payment: components["schemas"]["WorkerReadiness"];
                operations: components["schemas"]["WorkerReadiness"];
            };
        };
        WorkerReadiness: {
            ready: boolean;
            problems: string[];
            warnings?: string[];
            errors?: string[];
            parts?: {
                bindings: {
                    name: string;
                    /** @description `database`, `objects`, `queue`, `worker`, `rate limit`, or a class of the platform. */
                    kind: string;
                    /** @description How many are applied. */
                    migrations?: number;
                    /** @description The newest migration that is applied. */
                    newest?: string;
                }[];
                /** @description Names of the settings and secrets that are set. */
                settings: string[];
                version?: {
                    id: string;
                    tag?: string;
                    /** Format: date-time */
                    deployedAt?: string;
                };
            };
        };
        PlacedOrder: {
            /** @description The id that you gave the order, where you gave it one. */
            orderId: string;
            /** @description Whose it is: only for a key with the scope `operations`. */
            client?: string;
            /**
             * @description The decision.
             * @enum {string}
             */
            status: "pending" | "confirmed" | "rejected" | "cancelled";
            /** @description Grows with each change. */
            version: number;
            currency: string;
            totalAmount: number;
            items: {
                productId: string;
                quantity: number;
                unitPrice: number;
                amount: number;
            }[];
            inventory: {
                /** @enum {string} */
                status: "pending" | "reserved" | "rejected" | "committed" | "released";
            };
            payment: {
                /** @enum {string} */
                status: "pending" | "authorized" | "declined" | "captured" | "failed" | "voided" | "refunded";
                capturedAmount: number;
                refundedAmount: number;
            };
            /** @description Why it was rejected or cancelled. */
            reason?: {
                code: string;
                detail: string;
            };
            /** @description Only while its decision does not take effect: an operator may have to look. */
            stuck?: {
                /** @enum {string} */
                code: "bank_refused" | "overdue";
                detail: string;
                waitingFor: ("inventory" | "payment")[];
            };
            customerId?: string;
            reference?: string;
            metadata?: {
                [key: string]: string;
            };
            /** Format: date-time */
            placedAt: string;
            /** Format: date-time */
            decidedAt?: string;
            /**
             * Format: date-time
             * @description Present once every effect of the decision is done.
             */
            settledAt?: string;
            /** @description For the customer's browser: it opens this order and its events for 24 hours, to read only. Left out where the deployment has no key to seal it with, as `/readyz` says. */
            readToken?: string;
        };
        PlaceOrder: {
            /** @description The same product on two lines counts as the sum. */
            items: {
                productId: string;
                quantity: number;
            }[];
            /** @description The total that you expect: it must be the total computed from the catalogue. */
            totalAmount?: number;
            /** @description The currency that you expect: it must be the products' currency. */
            currency?: string;
            /** @description Your customer, to find their orders by. */
            customerId?: string;
            /** @description Your own name for the order, to find it by. */
            reference?: string;
            payment?: {
                token: string;
            };
            /** @description Whatever you want to get back with the order. */
            metadata?: {
                [key: string]: string;
            };
        };
        Order: {
            /** @description The id that you gave the order, where you gave it one. */
            orderId: string;
            /** @description Whose it is: only for a key with the scope `operations`. */
            client?: string;
            /**
             * @description The decision.
             * @enum {string}
             */
            status: "pending" | "confirmed" | "rejected" | "cancelled";
            /** @description Grows with each change. */
            version: number;
            currency: string;
            totalAmount: number;
            items: {
                productId: string;
                quantity: number;
                unitPrice: number;
                amount: number;
            }[];
            inventory: {
                /** @enum {string} */
                status: "pending" | "reserved" | "rejected" | "committed" | "released";
            };
            payment: {
                /** @enum {string} */
                status: "pending" | "authorized" | "declined" | "captured" | "failed" | "voided" | "refunded";
                capturedAmount: number;
                refundedAmount: number;
            };
            /** @description Why it was rejected or cancelled. */
            reason?: {
                code: string;
                detail: string;
            };
            /** @description Only while its decision does not take effect: an operator may have to look. */
            stuck?: {
                /** @enum {string} */
                code: "bank_refused" | "overdue";
                detail: string;
                waitingFor: ("inventory" | "payment")[];
            };
            customerId?: string;
            reference?: string;
            metadata?: {
                [key: string]: string;
            };
            /** Format: date-time */
            placedAt: string;
            /** Format: date-time */
            decidedAt?: string;
            /**
             * Format: date-time
             * @description Present once every effect of the decision is done.
             */
            settledAt?: string;
        };
        /** @description A CloudEvent. Its `type` and `schemaversion` say what `data` is. */
        Event: {
            /** @enum {string} */
            specversion: "1.0";
            /** @description Derived from what happened, never from the attempt: an event sent twice is the same event. */
            id: string;
            /** @description The service that published it. */
            source: string;
            type: string;
            /** @description The version of `data`. */
            schemaversion: number;
            /** @description The order's id, or the product's. */
            subject: string;
            /**
             * Format: date-time
             * @description When it happened, not when it was sent.
             */
            time: string;
            /** @enum {string} */
            datacontenttype?: "application/json";
            /**
             * @description Grows with each change of the subject.
             * @default 0
             */
            revision?: number;
            correlationid?: string;
            /** @description The id of the event that caused this one. */
            causationid?: string;
            /** @description The W3C trace of the request that began it. */
            traceparent?: string;
            /**
             * @description How many events led to this one.
             * @default 0
             */
            hops?: number;
            data: {
                [key: string]: unknown;
            };
        };
        Trace: {
            resourceSpans: {
                resource: {
                    attributes: {
                        key: string;
                        value: {
                            stringValue: string;
                        };
                    }[];
                };
                scopeSpans: {
                    scope: {
                        name: string;
                    };
                    spans: components["schemas"]["Span"][];
                }[];
            }[];
        };
        Span: {
            traceId: string;
            spanId: string;
            parentSpanId?: string;
            name: string;
            kind: number;
            /** @description Nanoseconds since 1970. */
            startTimeUnixNano: string;
            /** @description Nanoseconds since 1970. */
            endTimeUnixNano: string;
            attributes: {
                key: string;
                value: {
                    stringValue: string;
                };
            }[];
            links?: {
                traceId: string;
                spanId: string;
            }[];
        };
        OrderStory: {
            order: components["schemas"]["Order"];
            /** @description In the order in which they took effect. */
            events: components["schemas"]["Event"][];
            /** @description Left out while the payment service has not heard of the order. */
            payment?: {
                orderId: string;
                /** @description Whose it is: only for a key with the scope `operations`. */
                client?: string;
                /** @enum {string} */
                status: "pending" | "authorized" | "declined" | "captured" | "failed" | "voided" | "refunded";
                currency: string;
                amount: number;
                capturedAmount: number;
                refundedAmount: number;
                /** @description How often the bank was asked, look-ups among them. */
                attempts: number;
                gatewayReference?: string;
                /** @description The bank's, where it is declined or failed. */
                reason?: {
                    code: string;
                    detail: string;
                };
                /** @description The reason why the bank refused for good what has to be done. */
                stuck?: {
                    code: string;
                    detail: string;
                };
                refunds: components["schemas"]["Refund"][];
                /** Format: date-time */
                createdAt: string;
                /** Format: date-time */
                updatedAt: string;
            };
            /** @description What the bank did, by the bank's own books; oldest first. */
            bank?: {
                /** @enum {string} */
                type: "authorize" | "capture" | "void" | "refund";
                amount: number;
                idempotencyKey: string;
                /** @enum {string} */
                outcome: "succeeded" | "declined" | "failed";
                reference: string;
                /** Format: date-time */
                at?: string;
            }[];
            /** @description Reservations and movements as the stock partitions have them now. */
            stock?: {
                /** @description One for each stock partition that has products of the order. */
                reservations: {
                    /** @enum {string} */
                    status: "reserved" | "committed" | "released" | "refused";
                    items: {
                        productId: string;
                        quantity: number;
                    }[];
                    /** @description Only where it was refused. */
                    shortages?: {
                        productId: string;
                        requested: number;
                        available: number;
                    }[];
                    /** Format: date-time */
                    reservedAt?: string;
                    /** Format: date-time */
                    committedAt?: string;
                    /** Format: date-time */
                    releasedAt?: string;
                    /** Format: date-time */
                    refusedAt?: string;
                }[];
                movements: {
                    /** @enum {string} */
                    kind: "receipt" | "adjustment" | "reservation" | "commit" | "release" | "return";
                    /** @description Below 0 only for an adjustment that takes away. */
                    quantity: number;
                    /** Format: date-time */
                    at: string;
                    productId: string;
                }[];
            };
            /** @description To the webhooks that the caller may manage; the newest 100. */
            deliveries?: {
                /** @description The header `webhook-id` of every try. */
                id: string;
                eventId: string;
                type: string;
                /** @enum {string} */
                status: "pending" | "delivered" | "failed";
                attempts: number;
                /** @description The status of the last response. */
                lastStatus?: number;
                /** @description Why there was no response. */
                lastError?: string;
                /** Format: date-time */
                lastTriedAt?: string;
                /** Format: date-time */
                nextTryAt?: string;
                /** Format: date-time */
                createdAt: string;
                webhookId: string;
            }[];
            /** @description The newest 100. */
            deadLetters?: components["schemas"]["DeadLetter"][];
            /** @description Who redrove or discarded its dead letters, and why; the newest 100. */
            audit?: {
                id: string;
                /** Format: date-time */
                at: string;
                /** @description Whose key did it. */
                client: string;
                action: string;
                deadLetterId: string;
                reason?: string;
            }[];
            /** @description The parts that are missing here, and why. `forbidden`: the key lacks the scope that `detail` names. `unavailable`: the Worker that has the part did not respond. Try again. */
            unread: {
                /** @enum {string} */
                part: "payment" | "bank" | "stock" | "deliveries" | "deadLetters" | "audit";
                /** @enum {string} */
                code: "forbidden" | "unavailable";
                detail: string;
            }[];
        };
        Refund: {
            refundId: string;
            orderId: string;
            amount: number;
            currency: string;
            /** @enum {string} */
            status: "pending" | "succeeded" | "failed";
            reason?: string;
            /** Format: date-time */
            requestedAt: string;
        };
        DeadLetter: {
            id: string;
            /** @enum {string} */
            queue: "order-inbox" | "inventory-inbox" | "payment-inbox" | "operations-inbox";
            /** @enum {string} */
            consumer: "order" | "inventory" | "payment" | "operations";
            /** @description A word to search for: `schema_broken`, `newer_version`, … */
            reason: string;
            error: string;
            /** @description Deliveries until the consumer gave it up. */
            attempts: number;
            /** @description How often it was parked. */
            times: number;
            /** @description As it came, readable or not. Of several variants under one `source` and `id`, the newest. */
            event?: unknown;
            /** @description The variant that came first, where the newest one says something else. */
            first?: {
                reason: string;
                error: string;
                event?: unknown;
            };
            orderId?: string;
            /** @description The client of the order, where the event names it. */
            client?: string;
            /** Format: date-time */
            firstSeenAt: string;
            /** Format: date-time */
            lastSeenAt: string;
            /** @enum {string} */
            status: "open" | "redriven" | "discarded";
            /**
             * Format: date-time
             * @description When another variant of the event came after the letter was discarded.
             */
            reopenedAt?: string;
            /** @description Who redrove or discarded the letter. Absent while it is open. */
            closedBy?: {
                client: string;
                /** Format: date-time */
                at: string;
                /** @description Why the letter was discarded. */
                reason?: string;
            };
        };
        CancelOrder: {
            reason?: string;
        };
        CreatedKey: {
            id: string;
            client: string;
            scopes: ("orders:read" | "orders:write" | "inventory:read" | "inventory:write" | "payments:read" | "payments:write" | "events:write" | "operations")[];
            bounds?: {
                openOrders: number;
                openUnits: number;
            };
            /** @description Shown this one time: the response to a repeated request leaves it out. */
            key?: string;
        };
        CreateKey: {
            client: string;
            scopes: ("orders:read" | "orders:write" | "inventory:read" | "inventory:write" | "payments:read" | "payments:write" | "events:write" | "operations")[];
            /** @description Limits for the undecided orders of the client, in orders placed with this key: how many at the same time, and how many units in them. Without it there is no such limit. */
            bounds?: {
                openOrders: number;
                openUnits: number;
            };
        };
        Key: {
            id: string;
            client: string;
            scopes: ("orders:read" | "orders:write" | "inventory:read" | "inventory:write" | "payments:read" | "payments:write" | "events:write" | "operations")[];
            bounds?: {
                openOrders: number;
                openUnits: number;
            };
            /** @description The id of the key that made it, `bootstrap` for the bootstrap key; null where it was not stored (before 2026-11-27). */
            createdBy: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            revokedAt?: string;
        };
        RevokedKey: {
            id: string;
            /** @description The key, and with `cascade` those that it made, those that they made, and so on. */
            revoked: {
                id: string;
                client: string;
                /** @description The id of the key that made it, `bootstrap` for the bootstrap key; null where it was not stored (before 2026-11-27). */
                createdBy: string | null;
            }[];
            /** @description The webhooks that these keys registered or turned to their address; only with `cascade`. */
            disabled: {
                id: string;
                client: string;
                /** @description The id of the key that made it, `bootstrap` for the bootstrap key; null where it was not stored (before 2026-11-27). */
                createdBy: string | null;
            }[];
            /** @description The keys and webhooks that it made and that go on, without `cascade`. With `createdBy: null` also those that it may have made, before makers were stored. */
            livesOn: {
                /** @description Good keys that it made. */
                keys: {
                    id: string;
                    client: string;
                    /** @description The id of the key that made it, `bootstrap` for the bootstrap key; null where it was not stored (before 2026-11-27). */
                    createdBy: string | null;
                }[];
                /** @description Left out where the operations Worker did not reply. */
                webhooks?: {
                    id: string;
                    client: string;
                    /** @description The id of the key that made it, `bootstrap` for the bootstrap key; null where it was not stored (before 2026-11-27). */
                    createdBy: string | null;
                }[];
            };
        };
        /** @description A CloudEvent of any order. */
        FeedEvent: {
            /** @enum {string} */
            specversion: "1.0";
            /** @description Derived from what happened, never from the attempt: an event sent twice is the same event. */
            id: string;
            /** @description The service that published it. */
            source: string;
            type: string;
            /** @description The version of `data`. */
            schemaversion: number;
            /** @description The order's id, or the product's. */
            subject: string;
            /**
             * Format: date-time
             * @description When it happened, not when it was sent.
             */
            time: string;
            /** @enum {string} */
            datacontenttype?: "application/json";
            /**
             * @description Grows with each change of the subject.
             * @default 0
             */
            revision?: number;
            correlationid?: string;
            /** @description The id of the event that caused this one. */
            causationid?: string;
            /** @description The W3C trace of the request that began it. */
            traceparent?: string;
            /**
             * @description How many events led to this one.
             * @default 0
             */
            hops?: number;
            data: {
                [key: string]: unknown;
            };
            /** @description Whose it is: only for a key with the scope `operations`. */
            client?: string;
            /** @description The order's unique id. Events with the same key are in order. */
            partitionkey: string;
            /** @description Counts the events of the order from 1 on. The same number is the same event. */
            sequence: string;
        };
        /** @description A reader of a feed whose cursor is kept here. */
        FeedConsumer: {
            name: string;
            /**
             * @description The feed that it follows: `GET /feed/orders` or `GET /feed/products`.
             * @enum {string}
             */
            feed: "orders" | "products";
            types?: string[];
            /**
             * @description `retrying`: it has reported a failure since its last commit. `blocked`: its cursor is refused, so it gets no events until it is moved. `paused`: it cannot be leased.
             * @enum {string}
             */
            health: "healthy" | "retrying" | "blocked" | "paused";
            /** @description Everything before it is delivered. */
            cursor: string;
            /** @description Not of a `blocked` consumer, and not of one of the products while the inventory service does not answer. */
            lag?: {
                /** @description The events that it has yet to deliver, of all types. While it reads what was before the feed was on, an estimate that looks at the next thousand orders. Of the products, each that has changed counts once, and at most a thousand of a partition count. */
                events: number;
                /** @description How long ago the first of them took effect. */
                seconds: number;
            };
            /** @description Why it is blocked, and what to do. */
            blocked?: string;
            /** @description The last lease. It may have ended. */
            lease?: {
                holder?: string;
                /** Format: date-time */
                expiresAt: string;
            };
            /** @description Failures that were reported since the last commit. */
            failures: number;
            lastError?: {
                message: string;
                /** Format: date-time */
                at: string;
            };
            /** Format: date-time */
            pausedAt?: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            committedAt?: string;
        };
        PutFeedConsumer: {
            /**
             * @description The feed that the consumer follows: `orders` if a new one is not given any. It never changes.
             * @enum {string}
             */
            feed?: "orders" | "products";
            /** @description The event types that a consumer of the orders wants. Without it, all of them. */
            types?: ("OrderPlaced" | "OrderConfirmed" | "OrderRejected" | "OrderCancelled" | "OrderSettled" | "OrdersArchived" | "StockReserved" | "StockRejected" | "StockCommitted" | "StockReleased" | "StockDepleted" | "StockReplenished" | "ProductChanged" | "PaymentAuthorized" | "PaymentDeclined" | "PaymentCaptured" | "PaymentFailed" | "PaymentVoided" | "PaymentRefunded" | "ReservationOverdue" | "AuthorizationOverdue" | "RefundRequested" | "WebhooksChanged" | "WebhookTested" | "FactNoted")[];
            /** @description Where a new consumer begins, at the oldest if it is not given. */
            start?: {
                /**
                 * @description `oldest`: all that is kept. `now`: only what comes from now on.
                 * @enum {string}
                 */
                at?: "oldest" | "now";
                /** @description Of the orders: what took effect from this time on, and some that came before. If the feed was off then, all that is kept. */
                time?: string;
                /** @description Of the orders: what took effect since this order was placed, as for a time. */
                orderId?: string;
            };
        };
        FeedLease: {
            lease: {
                /** @description Shown with each commit. */
                token: string;
                /** Format: date-time */
                expiresAt: string;
            };
            /**
             * @description The feed that it follows: `GET /feed/orders` or `GET /feed/products`.
             * @enum {string}
             */
            feed: "orders" | "products";
            /** @description The `after` of the next page. */
            cursor: string;
            /** @description The `types` of the next page. */
            types?: string[];
        };
        LeaseFeedConsumer: {
            /** @description What the holder calls itself, such as its host. */
            holder?: string;
            /**
             * @description How long the lease lasts without a commit.
             * @default 30
             */
            seconds?: number;
            /** @description The token of the lease that is to be renewed. */
            lease?: string;
        };
        CommitFeedConsumer: {
            /** @description The token of the lease. */
            lease: string;
            /** @description Everything before it is delivered: the `Next-Cursor` of a page. */
            cursor?: string;
            /** @description Why nothing could be delivered. The cursor stays where it is. */
            error?: string;
        };
        FeedStart: {
            /**
             * @description `oldest`: all that is kept. `now`: only what comes from now on.
             * @enum {string}
             */
            at?: "oldest" | "now";
            /** @description Of the orders: what took effect from this time on, and some that came before. If the feed was off then, all that is kept. */
            time?: string;
            /** @description Of the orders: what took effect since this order was placed, as for a time. */
            orderId?: string;
        };
        ListRebuild: {
            /** @enum {string} */
            list: "orders" | "payments" | "movements";
            /** @description How many partitions list all that they have again. */
            partitions: number;
        };
        Pause: {
            /** @description The product whose new orders are meant. Without it, all new orders. */
            productId?: string;
            reason: string;
            /** @description The client of the key that paused them. */
            client: string;
            /** Format: date-time */
            at: string;
        };
        PauseOrders: {
            /** @description The product whose new orders are meant. Without it, all new orders. */
            productId?: string;
            reason: string;
        };
        ResumedOrders: {
            /** @description The product whose new orders are meant. Without it, all new orders. */
            productId?: string;
            /** @description False where there was no such pause. */
            wasPaused: boolean;
        };
        ResumeOrders: {
            /** @description The product whose new orders are meant. Without it, all new orders. */
            productId?: string;
            reason?: string;
        };
        ReceivedEvent: {
            /** @enum {boolean} */
            received: true;
            /**
             * @description `ignored`: the event is about no payment of this system.
             * @enum {string}
             */
            outcome: "taken" | "duplicate" | "ignored";
        };
        StripeEvent: {
            id: string;
            type: string;
            livemode: boolean;
            data: {
                object: {
                    /** @description `order_id` names the order. */
                    metadata?: {
                        [key: string]: string;
                    } | null;
                } & {
                    [key: string]: unknown;
                };
            } & {
                [key: string]: unknown;
            };
        } & {
            [key: string]: unknown;
        };
        Replay: {
            /** @enum {string} */
            to: "inventory" | "payment" | "order" | "operations";
            dryRun: boolean;
            /** @description The orders that were looked at. */
            orders: number;
            /** @description The events that were sent, or would be. */
            events: number;
            /** @description Events that were asked for and are not sent: of an order that is not settled, all but its last decision; to webhooks, those older than six days. */
            heldBack: number;
            /** @description The ids of `orderIds` that no order has. */
            notFound: string[];
            /** @description Hand it back as `cursor` to go on. The last portion has none. */
            nextCursor?: string;
        };
        WantedReplay: {
            /**
             * @description The service that gets the events again. `operations` hands them to webhooks.
             * @enum {string}
             */
            to: "inventory" | "payment" | "order" | "operations";
            /** @description The orders, by either of their ids. Without them, those of a time. */
            orderIds?: string[];
            /** @description Only events of these types. Without them, all that `to` gets. */
            types?: ("OrderPlaced" | "OrderConfirmed" | "OrderRejected" | "OrderCancelled" | "OrderSettled" | "OrdersArchived" | "StockReserved" | "StockRejected" | "StockCommitted" | "StockReleased" | "StockDepleted" | "StockReplenished" | "ProductChanged" | "PaymentAuthorized" | "PaymentDeclined" | "PaymentCaptured" | "PaymentFailed" | "PaymentVoided" | "PaymentRefunded" | "ReservationOverdue" | "AuthorizationOverdue" | "RefundRequested" | "WebhooksChanged" | "WebhookTested" | "FactNoted")[];
            /** @description Only orders that were placed at this time or later. */
            placedAfter?: string;
            /** @description Only orders that were placed before this time. */
            placedBefore?: string;
            /** @description The orders of one call, 100 where it is not given. */
            limit?: number;
            /** @description Where the page begins: the `nextCursor` of the page before, as it came, with the same filters. `limit` may be another. */
            cursor?: string;
            /** @description Only counts: nothing is sent. */
            dryRun?: boolean;
            reason?: string;
        };
        Erasure: {
            dryRun: boolean;
            /** @description The unique ids of the orders whose data were erased, or would be. */
            orders: string[];
            /** @description Orders that are not settled, or whose events are still on their way. Nothing of them is erased yet: make the call again later. */
            waiting: string[];
            /** @description Dead letters that named the customer. */
            deadLetters: number;
            /** @description The part of the stored data that this call went through. */
            progress: {
                part: string;
                number: number;
                of: number;
            };
            /** @description Hand it back as `cursor` to go on. The last portion has none. */
            nextCursor?: string;
        };
        WantedErasure: {
            /** @description The client whose customer it is. */
            client: string;
            /** @description The customer, as orders name it. */
            customerId: string;
            /** @description Where the page begins: the `nextCursor` of the page before, as it came, with the same filters. `limit` may be another. */
            cursor?: string;
            /** @description Only finds them: nothing is erased. */
            dryRun?: boolean;
            /** @description For the audit log, which keeps it: without the name of the person. */
            reason?: string;
        };
        Minute: {
            /**
             * Format: date-time
             * @description When the minute began.
             */
            at: string;
            placed: number;
            confirmed: number;
            rejected: number;
            cancelled: number;
            /** @description Orders that were not decided at the end of the minute. */
            pending: number;
            /** @description Time to settled: upper bounds of the buckets of `edge_orders_order_settle_seconds`. 900 also stands for more. Left out where no order settled. */
            settleSeconds?: {
                p50: number;
                p95: number;
            };
            /** @description The greatest age of the oldest message of each inbox that was seen. */
            oldestMessageSeconds: {
                inventory: number;
                payment: number;
                operations: number;
            };
            /** @description Dead letters that came first in the minute. */
            deadLetters: number;
        };
        HalfHour: {
            /**
             * Format: date-time
             * @description When the half hour began.
             */
            at: string;
            placed: number;
            confirmed: number;
            rejected: number;
            cancelled: number;
            /** @description Orders that were not decided at the end of the half hour. */
            pending: number;
            /** @description Time to settled: upper bounds of the buckets of `edge_orders_order_settle_seconds`. 900 also stands for more. Left out where no order settled. */
            settleSeconds?: {
                p50: number;
                p95: number;
            };
            /** @description The greatest age of the oldest message of each inbox that was seen. */
            oldestMessageSeconds: {
                inventory: number;
                payment: number;
                operations: number;
            };
            /** @description Dead letters that came first in the half hour. */
            deadLetters: number;
        };
        Audit: {
            laws: components["schemas"]["Law"][];
            /** @description What this page looked at. */
            checked: {
                products: number;
                orders: number;
                /** @description Payments that were compared with the bank's books. */
                payments: number;
                /** @description Orders that are not settled, or changed meanwhile. */
                underWay: number;
                /** @description Payments whose books the bank did not tell. */
                unread: number;
            };
            /** @description Hand it back as `cursor` to get the next page. The last page has none. */
            nextCursor?: string;
        };
        Law: {
            /**
             * @description `stock_on_hand`: on hand = receipts + adjustments − committed + returned, for each product. `stock_reserved`: reserved = the sum of open reservations, for each product. `confirmed_stock_committed`: a confirmed settled order has all its stock committed. `confirmed_money_captured`: a confirmed settled order has its total captured. `undone_stock_released`: a rejected or cancelled settled order holds no stock. `undone_money_returned`: a rejected or cancelled settled order keeps no money: captured = refunded. `payments_equal_bank`: a payment's held, captured and refunded amounts are those of the bank's books. `orders_have_legs`: each settled order has its payment and its reservations, and none is without its order.
             * @enum {string}
             */
            name: "stock_on_hand" | "stock_reserved" | "confirmed_stock_committed" | "confirmed_money_captured" | "undone_stock_released" | "undone_money_returned" | "payments_equal_bank" | "orders_have_legs";
            /** @description The sum of all differences on this page: units of stock, money in major units, or a count of legs. 0 where the law adds up. */
            drift: number;
            /** @description Where it does not add up; the first hundred of a page. */
            broken: {
                /** @description The unique id of the order, or the id of the product. */
                id: string;
                what: string;
                expected: number;
                actual: number;
                currency?: string;
            }[];
        };
        AcceptedEvents: {
            /** @description The ids of the orders. */
            accepted: string[];
        };
        Faults: {
            /** @description Every message is sent twice. */
            duplicates: boolean;
            /** @description Every message is delivered so much later. */
            delaySeconds: number;
            /** @description Consumers that handle their next batch and crash before they acknowledge it. Each leaves the list once it has crashed. */
            crashing: ("order" | "inventory" | "payment" | "operations")[];
            /** @description Consumers that take nothing from their inbox. */
            stopped: ("order" | "inventory" | "payment" | "operations")[];
            /**
             * @description `slow`: each call takes three seconds longer. `failing`: each call is answered with an error.
             * @enum {string}
             */
            bank: "well" | "slow" | "failing";
        };
        WantedFaults: {
            /**
             * @description Every message is sent twice.
             * @default false
             */
            duplicates?: boolean;
            /**
             * @description Every message is delivered so much later.
             * @default 0
             */
            delaySeconds?: number;
            /**
             * @description Consumers that handle their next batch and crash before they acknowledge it. Each leaves the list once it has crashed.
             * @default []
             */
            crashing?: ("order" | "inventory" | "payment" | "operations")[];
            /**
             * @description Consumers that take nothing from their inbox.
             * @default []
             */
            stopped?: ("order" | "inventory" | "payment" | "operations")[];
            /**
             * @description `slow`: each call takes three seconds longer. `failing`: each call is answered with an error.
             * @default well
             * @enum {string}
             */
            bank?: "well" | "slow" | "failing";
        };
        Product: {
            productId: string;
            name: string;
            unitPrice: number;
            currency: string;
        };
        PutProduct: {
            name: string;
            unitPrice: number;
            currency: string;
        };
        StockLevel: {
            productId: string;
            onHand: number;
            /** @description Promised to orders and not yet taken. */
            reserved: number;
            /** @description Always `onHand - reserved`. */
            available: number;
            /** Format: date-time */
            updatedAt: string;
        };
        AdjustStock: {
            /** @description How much more there is, or less. */
            delta: number;
            /**
             * @description `receipt` with a positive `delta` is booked as a receipt.
             * @default adjustment
             */
            reason?: string;
        };
        StockMovement: {
            /** @enum {string} */
            kind: "receipt" | "adjustment" | "reservation" | "commit" | "release" | "return";
            /** @description Below 0 only for an adjustment that takes away. */
            quantity: number;
            orderId?: string;
            reason?: string;
            /** Format: date-time */
            at: string;
        };
        /** @description A CloudEvent: a product and its stock, as they were then. */
        ProductState: {
            /** @enum {string} */
            specversion: "1.0";
            id: string;
            source: string;
            /** @enum {string} */
            type: "ProductState";
            schemaversion: number;
            subject: string;
            /** @enum {string} */
            datacontenttype: "application/json";
            data: {
                productId: string;
                name: string;
                unitPrice: number;
                currency: string;
                onHand: number;
                /** @description Of these, promised to orders. */
                reserved: number;
                /** @description What new orders can have. */
                available: number;
            };
            /** @description The product's id. Versions with the same key are in order. */
            partitionkey: string;
            /** @description The version of the product. It grows with each change of the product or its stock; versions between two that came are replaced by the later one. */
            sequence: string;
        };
        /** @description A CloudEvent that says nothing: an operator tests the way of a consumer. It comes only after the cursor of that consumer. */
        FeedTested: {
            /** @enum {string} */
            specversion: "1.0";
            id: string;
            source: string;
            /** @enum {string} */
            type: "FeedTested";
            schemaversion: number;
            subject: string;
            /** Format: date-time */
            time: string;
            /** @enum {string} */
            datacontenttype: "application/json";
            data: Record<string, never>;
            partitionkey: string;
            sequence: string;
        };
        Payment: {
            orderId: string;
            /** @description Whose it is: only for a key with the scope `operations`. */
            client?: string;
            /** @enum {string} */
            status: "pending" | "authorized" | "declined" | "captured" | "failed" | "voided" | "refunded";
            currency: string;
            amount: number;
            capturedAmount: number;
            refundedAmount: number;
            /** @description How often the bank was asked, look-ups among them. */
            attempts: number;
            gatewayReference?: string;
            /** @description The bank's, where it is declined or failed. */
            reason?: {
                code: string;
                detail: string;
            };
            /** @description The reason why the bank refused for good what has to be done. */
            stuck?: {
                code: string;
                detail: string;
            };
            refunds: components["schemas"]["Refund"][];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        RequestRefund: {
            /** @description Without it the whole rest is refunded. */
            amount?: number;
            reason?: string;
        };
        Reconciliation: {
            differences: components["schemas"]["Difference"][];
            /** @description How many payments this page has compared. */
            checked: number;
            /** @description How many payments of the bank belong to orders that have left for the archive. They are not compared. */
            departed: number;
            /** @description About so many payments the bank did not answer. */
            unread: number;
            nextCursor?: string;
        };
        Difference: {
            /** @enum {string} */
            kind: "missing_here" | "missing_at_bank" | "amounts_differ";
            /** @description The unique id of the order. */
            orderId?: string;
            /** @description The bank's id of the payment. */
            reference?: string;
            currency: string;
            here?: components["schemas"]["BankBalance"];
            bank?: components["schemas"]["BankBalance"];
        };
        BankBalance: {
            heldAmount: number;
            capturedAmount: number;
            refundedAmount: number;
        };
        SimulatedBooks: {
            operations: {
                /** @enum {string} */
                type: "authorize" | "capture" | "void" | "refund";
                amount: number;
                idempotencyKey: string;
                /** @enum {string} */
                outcome: "succeeded" | "declined" | "failed";
                /** Format: date-time */
                at: string;
            }[];
            /** @description Still held: neither captured nor voided. */
            authorizedAmount: number;
            capturedAmount: number;
            refundedAmount: number;
        };
        SimulatedOutage: {
            /** @description Whether the bank is down from now on. */
            isDown: boolean;
        };
        AuditEntry: {
            id: string;
            /** Format: date-time */
            at: string;
            /** @enum {string} */
            kind: "dead_letter" | "drill" | "feed" | "key" | "list" | "order" | "pause" | "payment" | "product" | "replay" | "stock" | "webhook";
            action: string;
            /** @description The id of what the action is about. */
            subject: string;
            /** @description The client, the id of its key (since 2026-11-28), and the person where Cloudflare Access let one into the console. */
            actor: {
                client: string;
                keyId?: string;
                person?: string;
            };
            reason?: string;
            /**
             * @description `unknown`: the call was admitted, and how it ended was not seen. Look at the subject. `after` is then what was asked for.
             * @enum {string}
             */
            outcome: "done" | "unknown";
            /** @description Fields of the subject just before. */
            before?: {
                [key: string]: unknown;
            };
            /** @description The same after the action, or what it made. */
            after?: {
                [key: string]: unknown;
            };
        };
        StockAlert: {
            /** @description The event's id, which webhooks have too. */
            id: string;
            productId: string;
            /** @enum {string} */
            type: "StockDepleted" | "StockReplenished";
            /** @description What was available just after. */
            available: number;
            /** Format: date-time */
            at: string;
        };
        DeadLetterGroup: {
            /** @enum {string} */
            queue: "order-inbox" | "inventory-inbox" | "payment-inbox" | "operations-inbox";
            reason: string;
            /** @description Their error. Where they differ in ids and numbers, `*` stands for each word with a digit. */
            error: string;
            letters: number;
            /** Format: date-time */
            firstSeenAt: string;
            /** Format: date-time */
            lastSeenAt: string;
            /** @description The id of one of them. */
            sampleId: string;
        };
        DeadLetterDetail: {
            id: string;
            /** @enum {string} */
            queue: "order-inbox" | "inventory-inbox" | "payment-inbox" | "operations-inbox";
            /** @enum {string} */
            consumer: "order" | "inventory" | "payment" | "operations";
            /** @description A word to search for: `schema_broken`, `newer_version`, … */
            reason: string;
            error: string;
            /** @description Deliveries until the consumer gave it up. */
            attempts: number;
            /** @description How often it was parked. */
            times: number;
            /** @description As it came, readable or not. Of several variants under one `source` and `id`, the newest. */
            event?: unknown;
            /** @description The variant that came first, where the newest one says something else. */
            first?: {
                reason: string;
                error: string;
                event?: unknown;
            };
            orderId?: string;
            /** @description The client of the order, where the event names it. */
            client?: string;
            /** Format: date-time */
            firstSeenAt: string;
            /** Format: date-time */
            lastSeenAt: string;
            /** @enum {string} */
            status: "open" | "redriven" | "discarded";
            /**
             * Format: date-time
             * @description When another variant of the event came after the letter was discarded.
             */
            reopenedAt?: string;
            /** @description Who redrove or discarded the letter. Absent while it is open. */
            closedBy?: {
                client: string;
                /** Format: date-time */
                at: string;
                /** @description Why the letter was discarded. */
                reason?: string;
            };
            /** @description The stored event against its schema, of this release. */
            validation: {
                /** @description The path of the schema. Absent where the type is unknown. */
                schema?: string;
                /** @description Where the event differs from it, each with a JSON pointer. Empty: it can be read. */
                errors: {
                    path: string;
                    message: string;
                }[];
            };
        };
        RedrivenDeadLetters: {
            /** @description The ids of what was sent again. Empty in a dry run. */
            redriven: string[];
            /** @description Letters that match and were not sent by this call, counted up to 10 000. Absent with `ids`. */
            remaining?: number;
            /** @description Only with `rate`: after how many seconds the last of them is delivered. */
            seconds?: number;
            /** @description Only in a dry run. */
            plan?: {
                /** @description What would be sent again. */
                ids: string[];
                /** @description Those among them that no consumer can read: they would fail again. */
                invalid: {
                    id: string;
                    /** @description Where the event differs from it, each with a JSON pointer. Empty: it can be read. */
                    errors: {
                        path: string;
                        message: string;
                    }[];
                }[];
            };
        };
        RedriveDeadLetters: {
            /**
             * @description Only letters from this queue.
             * @enum {string}
             */
            queue?: "order-inbox" | "inventory-inbox" | "payment-inbox" | "operations-inbox";
            /** @description The word in `reason`, such as `bank_refused`. */
            reason?: string;
            /** @description The `type` of the event, such as `OrderPlaced`. */
            type?: string;
            /** @description Only letters with this `error`. `*` stands for a word with a digit, as in `error` of `GET /dead-letter-groups`. */
            error?: string;
            /** @description Only letters that were last seen before this time. With the time of the first call, a letter that fails again is not taken once more. */
            seenBefore?: string;
            /** @description These letters, of the `queue` if one is named. Without it the open letters that match, oldest first. */
            ids?: string[];
            /**
             * @description How many letters one call takes at most.
             * @default 100
             */
            limit?: number;
            /**
             * @description Only tells, and changes nothing.
             * @default false
             */
            dryRun?: boolean;
            /** @description How many letters of this call are delivered in a second. Without it all at once. */
            rate?: number;
        };
        DiscardedDeadLetters: {
            /** @description The ids of what was discarded. Empty in a dry run. */
            discarded: string[];
            /** @description Letters that match and are still open, counted up to 10 000. Absent with `ids`. */
            remaining?: number;
        };
        DiscardDeadLetters: {
            /** @description Why they are discarded. */
            reason: string;
            /** @description Which letters: these ids, or the open ones that match, oldest first. */
            letters: {
                /**
                 * @description Only letters from this queue.
                 * @enum {string}
                 */
                queue?: "order-inbox" | "inventory-inbox" | "payment-inbox" | "operations-inbox";
                /** @description The word in `reason`, such as `bank_refused`. */
                reason?: string;
                /** @description The `type` of the event, such as `OrderPlaced`. */
                type?: string;
                /** @description Only letters with this `error`. `*` stands for a word with a digit, as in `error` of `GET /dead-letter-groups`. */
                error?: string;
                /** @description Only letters that were last seen before this time. With the time of the first call, a letter that fails again is not taken once more. */
                seenBefore?: string;
                /** @description These letters, of the `queue` if one is named. Without it the open letters that match, oldest first. */
                ids?: string[];
            };
            /**
             * @description How many letters one call takes at most.
             * @default 100
             */
            limit?: number;
            /**
             * @description Only tells, and changes nothing.
             * @default false
             */
            dryRun?: boolean;
        };
        DiscardDeadLetter: {
            reason: string;
        };
        SentPoison: {
            /**
             * @description The inbox that gets the message.
             * @enum {string}
             */
            queue: "order-inbox" | "inventory-inbox" | "payment-inbox" | "operations-inbox";
            eventId: string;
        };
        PoisonMessage: {
            /**
             * @description The inbox that gets the message.
             * @enum {string}
             */
            queue: "order-inbox" | "inventory-inbox" | "payment-inbox" | "operations-inbox";
        };
        WebhookWithSecret: {
            id: string;
            url: string;
            types: ("OrderConfirmed" | "OrderRejected" | "OrderCancelled" | "OrderSettled" | "PaymentRefunded" | "StockDepleted" | "StockReplenished")[];
            /**
             * @description Every order that is placed while it is `enabled` is announced to it. `pending`: not every order partition has stored its types yet; it becomes `enabled` by itself.
             * @enum {string}
             */
            status: "pending" | "enabled" | "disabled";
            /**
             * @description `gone`: it responded with 410. `unreachable`: it took nothing for a day. `key_revoked`: the key that made it was revoked with `cascade`.
             * @enum {string}
             */
            disabledReason?: "by_client" | "gone" | "unreachable" | "key_revoked";
            client: string;
            /** @description The id of the key that registered it; null where it was not stored (before 2026-11-27). */
            createdBy: string | null;
            /** @description The id of the key that last changed its address. */
            addressSetBy?: string;
            /**
             * @description Whether it hears of the orders of its own client, or of all clients.
             * @enum {string}
             */
            hears: "own" | "all";
            /**
             * Format: date-time
             * @description Until when requests are signed with an older secret too.
             */
            oldSecretExpiresAt?: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description Shown this one time: the response to a repeated request leaves it out. */
            secret?: string;
        };
        RegisterWebhook: {
            url: string;
            types: ("OrderConfirmed" | "OrderRejected" | "OrderCancelled" | "OrderSettled" | "PaymentRefunded" | "StockDepleted" | "StockReplenished")[];
            secret?: string;
        };
        WebhookWithHealth: {
            id: string;
            url: string;
            types: ("OrderConfirmed" | "OrderRejected" | "OrderCancelled" | "OrderSettled" | "PaymentRefunded" | "StockDepleted" | "StockReplenished")[];
            /**
             * @description Every order that is placed while it is `enabled` is announced to it. `pending`: not every order partition has stored its types yet; it becomes `enabled` by itself.
             * @enum {string}
             */
            status: "pending" | "enabled" | "disabled";
            /**
             * @description `gone`: it responded with 410. `unreachable`: it took nothing for a day. `key_revoked`: the key that made it was revoked with `cascade`.
             * @enum {string}
             */
            disabledReason?: "by_client" | "gone" | "unreachable" | "key_revoked";
            client: string;
            /** @description The id of the key that registered it; null where it was not stored (before 2026-11-27). */
            createdBy: string | null;
            /** @description The id of the key that last changed its address. */
            addressSetBy?: string;
            /**
             * @description Whether it hears of the orders of its own client, or of all clients.
             * @enum {string}
             */
            hears: "own" | "all";
            /**
             * Format: date-time
             * @description Until when requests are signed with an older secret too.
             */
            oldSecretExpiresAt?: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            health: components["schemas"]["WebhookHealth"];
        };
        WebhookHealth: {
            /**
             * @description `failing`: every attempt since `failingSince` failed. `healthy`: the last attempt succeeded, or there was none yet.
             * @enum {string}
             */
            status: "healthy" | "failing";
            /**
             * Format: date-time
             * @description When the first of these attempts failed.
             */
            failingSince?: string;
            /** @description Attempts that failed since the last success. Attempts that end while the address rests count as one. */
            consecutiveFailures: number;
            /** @description The status of the last failed attempt. */
            lastStatus?: number;
            /** @description Why the last failed attempt had no response. */
            lastError?: string;
            /**
             * Format: date-time
             * @description When the next attempt is due. Absent where nothing is pending, and while it is disabled.
             */
            nextTryAt?: string;
            /** @description Deliveries on their way, counted up to 1 000. */
            pending: number;
            /** @description Deliveries of the last seven days that were given up, counted up to 1 000. */
            failed: number;
        };
        Webhook: {
            id: string;
            url: string;
            types: ("OrderConfirmed" | "OrderRejected" | "OrderCancelled" | "OrderSettled" | "PaymentRefunded" | "StockDepleted" | "StockReplenished")[];
            /**
             * @description Every order that is placed while it is `enabled` is announced to it. `pending`: not every order partition has stored its types yet; it becomes `enabled` by itself.
             * @enum {string}
             */
            status: "pending" | "enabled" | "disabled";
            /**
             * @description `gone`: it responded with 410. `unreachable`: it took nothing for a day. `key_revoked`: the key that made it was revoked with `cascade`.
             * @enum {string}
             */
            disabledReason?: "by_client" | "gone" | "unreachable" | "key_revoked";
            client: string;
            /** @description The id of the key that registered it; null where it was not stored (before 2026-11-27). */
            createdBy: string | null;
            /** @description The id of the key that last changed its address. */
            addressSetBy?: string;
            /**
             * @description Whether it hears of the orders of its own client, or of all clients.
             * @enum {string}
             */
            hears: "own" | "all";
            /**
             * Format: date-time
             * @description Until when requests are signed with an older secret too.
             */
            oldSecretExpiresAt?: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        ChangeWebhook: {
            url?: string;
            types?: ("OrderConfirmed" | "OrderRejected" | "OrderCancelled" | "OrderSettled" | "PaymentRefunded" | "StockDepleted" | "StockReplenished")[];
            /** @enum {string} */
            status?: "enabled" | "disabled";
        };
        RotateWebhookSecret: {
            secret?: string;
            /**
             * @description How long requests are signed with the old secret too; 0 ends it at once.
             * @default 86400
             */
            overlapSeconds?: number;
        };
        WebhookDelivery: {
            /** @description The header `webhook-id` of every try. */
            id: string;
            eventId: string;
            type: string;
            /** @enum {string} */
            status: "pending" | "delivered" | "failed";
            attempts: number;
            /** @description The status of the last response. */
            lastStatus?: number;
            /** @description Why there was no response. */
            lastError?: string;
            /** Format: date-time */
            lastTriedAt?: string;
            /** Format: date-time */
            nextTryAt?: string;
            /** Format: date-time */
            createdAt: string;
        };
        BulkResend: {
            dryRun: boolean;
            /** @description How many were sent again. In a dry run: how many would be, in all portions, counted up to 10 000. */
            count: number;
            /** @description More match: the same call continues with them. */
            hasMore: boolean;
        };
        ResendDeliveries: {
            /** @description Only deliveries that were made at this time or later. */
            since: string;
            /** @description Only deliveries that were made before this time; now, if not given. */
            until?: string;
            /**
             * @description `failed`: those that were given up. `pending`: those that wait for a later attempt, which is due now instead.
             * @default failed
             * @enum {string}
             */
            status?: "failed" | "pending";
            /**
             * @description How many are sent again at most, the oldest first.
             * @default 100
             */
            limit?: number;
            /**
             * @description Only counts, and sends nothing.
             * @default false
             */
            dryRun?: boolean;
        };
    };
    responses: {
        /** @description `malformed_json`: The body is not JSON. */
        Problem400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 400;
                    /** @enum {string} */
                    code?: "malformed_json";
                };
            };
        };
        /** @description `unauthorized`: A valid API key is needed. */
        Problem401: {
            headers: {
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 401;
                    /** @enum {string} */
                    code?: "unauthorized";
                };
            };
        };
        /** @description `forbidden`: The API key may not do this. */
        Problem403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 403;
                    /** @enum {string} */
                    code?: "forbidden";
                };
            };
        };
        /** @description `request_timeout`: The body did not arrive in time. */
        Problem408: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 408;
                    /** @enum {string} */
                    code?: "request_timeout";
                };
            };
        };
        /** @description `payload_too_large`: The body is too large. */
        Problem413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 413;
                    /** @enum {string} */
                    code?: "payload_too_large";
                };
            };
        };
        /** @description `unsupported_media_type`: The body is of another media type. */
        Problem415: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 415;
                    /** @enum {string} */
                    code?: "unsupported_media_type";
                };
            };
        };
        /** @description `validation_failed`: The request is not valid. */
        Problem422: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 422;
                    /** @enum {string} */
                    code?: "validation_failed";
                };
            };
        };
        /** @description `rate_limited`: Too many requests. */
        Problem429: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 429;
                    /** @enum {string} */
                    code?: "rate_limited";
                };
            };
        };
        /** @description `internal_error`: Something went wrong on our side. */
        Problem500: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 500;
                    /** @enum {string} */
                    code?: "internal_error";
                };
            };
        };
        /** @description `misconfigured`: The deployment lacks configuration. `unavailable`: A part of the system does not answer. */
        Problem503: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 503;
                    /** @enum {string} */
                    code?: "misconfigured" | "unavailable";
                };
            };
        };
        /** @description `misconfigured`: The deployment lacks configuration. `unavailable`: A part of the system does not answer. `overloaded`: More is asked than the system can do just now. */
        ProblemUnderLoad503: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"] & {
                    /** @constant */
                    status?: 503;
                    /** @enum {string} */
                    code?: "misconfigured" | "unavailable" | "overloaded";
                };
            };
        };
    };
    parameters: {
        /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
        traceparent: string;
        /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
        "Idempotency-Key": string;
        /** @description `wait=N` (1 to 30 seconds), such as `wait=10`: respond when the order is decided. A preference that cannot be understood is ignored. */
        Prefer: string;
        /** @description The `ETag` of an earlier response, such as `"7"`: 304 if nothing has changed since. */
        "If-None-Match": string;
        /** @description The id of the last event that came over a stream: the new stream goes on after it. */
        "Last-Event-ID": string;
        /** @description The client whose order is meant, if several clients use the same id. Only for a key with the scope `operations`, which acts for all clients. */
        client: string;
        /** @description The delivery's id, the same on every attempt: it identifies a repeated delivery. */
        "webhook-id": string;
        /** @description When this attempt was sent, in seconds since 1970. Refuse a request that is minutes old. */
        "webhook-timestamp": string;
        /** @description `v1,` and the HMAC-SHA256 in base64 of `{webhook-id}.{webhook-timestamp}.{body}` under the secret. While two secrets are valid there is one of each, with a space between them. */
        "webhook-signature": string;
    };
    requestBodies: never;
    headers: {
        /** @description Where to read the new resource. */
        Location: string;
        /** @description The order's version. */
        ETag: string;
        /** @description Only where the response repeats the first one to this idempotency key. */
        "Idempotency-Replayed": "true";
        /** @description The preference of the request that was honoured. */
        "Preference-Applied": string;
        /** @description Seconds to wait before asking again. */
        "Retry-After": number;
        /** @description The `after` of the next call. */
        "Next-Cursor": string;
        /** @description The address of the next call, with `rel="next"`. */
        Link: string;
        /** @description How to authenticate. */
        "WWW-Authenticate": string;
    };
    pathItems: never;
}
export interface operations {
    getHealth: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                    };
                };
            };
            500: components["responses"]["Problem500"];
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every Worker is ready */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            /** @description What is in the way, and what to do about it */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    getStart: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To `/docs` */
            302: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            500: components["responses"]["Problem500"];
        };
    };
    getOpenApi: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The OpenAPI document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        openapi: string;
                        info: {
                            title: string;
                            version: string;
                        } & {
                            [key: string]: unknown;
                        };
                        paths: {
                            [key: string]: unknown;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
        };
    };
    getAsyncApi: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The AsyncAPI document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        asyncapi: string;
                        info: {
                            title: string;
                            version: string;
                        } & {
                            [key: string]: unknown;
                        };
                        channels: {
                            [key: string]: unknown;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
        };
    };
    getEventSchema: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The event's type. */
                type: string;
                /** @description Its version. */
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The JSON Schema */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        $id: string;
                        $schema: string;
                        title: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description `not_found`: There is nothing at this address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "not_found";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
        };
    };
    getApiPage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
        };
    };
    getEventsPage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
        };
    };
    listOrders: {
        parameters: {
            query?: {
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description Where the page begins: the `nextCursor` of the page before, as it came, with the same filters. `limit` may be another. */
                cursor?: string;
                /** @description Only orders with this decision. */
                status?: "pending" | "confirmed" | "rejected" | "cancelled";
                /** @description Only the orders of this customer of yours. */
                customerId?: string;
                /** @description Only orders with this reference. */
                reference?: string;
                /** @description Only orders with this product. They are looked for by time: name a time too. */
                productId?: string;
                /** @description Only orders whose decision does not take effect: the bank refused for good, or they are neither decided nor settled for ten minutes. */
                stuck?: "true";
                /** @description Only orders whose decision has taken effect, or only the others. */
                settled?: "true" | "false";
                /** @description Only orders whose payment has this status. */
                "payment.status"?: "pending" | "authorized" | "declined" | "captured" | "failed" | "voided" | "refunded";
                /** @description Only orders whose stock has this status. */
                "inventory.status"?: "pending" | "reserved" | "rejected" | "committed" | "released";
                /** @description Only orders that were placed at this time or later. */
                placedAfter?: string;
                /** @description Only orders that were placed before this time. */
                placedBefore?: string;
            };
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Orders, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Order"][];
                        /** @description Hand it back as `cursor` to get the next page. The last page has none. */
                        nextCursor?: string;
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["ProblemUnderLoad503"];
        };
    };
    placeOrder: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description `wait=N` (1 to 30 seconds), such as `wait=10`: respond when the order is decided. A preference that cannot be understood is ignored. */
                Prefer?: components["parameters"]["Prefer"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlaceOrder"];
            };
        };
        responses: {
            /** @description The order, decided: only with `Prefer: wait=N` */
            200: {
                headers: {
                    Location: components["headers"]["Location"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlacedOrder"];
                };
            };
            /** @description The order, durably stored */
            202: {
                headers: {
                    Location: components["headers"]["Location"];
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlacedOrder"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            /** @description `request_in_progress`: The same request is being handled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "request_in_progress";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `unknown_product`: The catalogue has no such product. `mixed_currencies`: The products are priced in different currencies. `price_mismatch`: The total is not the one computed from the catalogue. `amount_too_large`: The amount is too large. `amount_not_chargeable`: The bank cannot charge the amount. `payment_required`: A payment method is needed. `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "unknown_product" | "mixed_currencies" | "price_mismatch" | "amount_too_large" | "amount_not_chargeable" | "payment_required" | "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            /** @description `too_many_open_orders`: The customer has too many orders open, or too many that failed. `rate_limited`: Too many requests. */
            429: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 429;
                        /** @enum {string} */
                        code?: "too_many_open_orders" | "rate_limited";
                    };
                };
            };
            500: components["responses"]["Problem500"];
            /** @description `orders_paused`: New orders are paused. `misconfigured`: The deployment lacks configuration. `unavailable`: A part of the system does not answer. `overloaded`: More is asked than the system can do just now. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        code?: "orders_paused" | "misconfigured" | "unavailable" | "overloaded";
                    };
                };
            };
        };
    };
    getOrder: {
        parameters: {
            query?: {
                /** @description The client whose order is meant, if several clients use the same id. Only for a key with the scope `operations`, which acts for all clients. */
                client?: components["parameters"]["client"];
            };
            header?: {
                /** @description The `ETag` of an earlier response, such as `"7"`: 304 if nothing has changed since. */
                "If-None-Match"?: components["parameters"]["If-None-Match"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The order's id: the unique one, or the one that its client gave it. */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order as it is now */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description The order still has the version of `If-None-Match` */
            304: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `order_not_found`: No such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "order_not_found";
                    };
                };
            };
            /** @description `order_id_ambiguous`: Several clients have an order with this id. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "order_id_ambiguous";
                    };
                };
            };
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["ProblemUnderLoad503"];
        };
    };
    getOrderEvents: {
        parameters: {
            query?: {
                /** @description The client whose order is meant, if several clients use the same id. Only for a key with the scope `operations`, which acts for all clients. */
                client?: components["parameters"]["client"];
            };
            header?: {
                /** @description The id of the last event that came over a stream: the new stream goes on after it. */
                "Last-Event-ID"?: components["parameters"]["Last-Event-ID"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The order's id: the unique one, or the one that its client gave it. */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What happened to the order */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        events: components["schemas"]["Event"][];
                    };
                    "text/event-stream": string;
                };
            };
            /** @description For a live stream: the order is settled, and no event came after `Last-Event-ID` */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `order_not_found`: No such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "order_not_found";
                    };
                };
            };
            /** @description `order_id_ambiguous`: Several clients have an order with this id. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "order_id_ambiguous";
                    };
                };
            };
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["ProblemUnderLoad503"];
        };
    };
    getOrderTrace: {
        parameters: {
            query?: {
                /** @description The client whose order is meant, if several clients use the same id. Only for a key with the scope `operations`, which acts for all clients. */
                client?: components["parameters"]["client"];
            };
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The order's id: the unique one, or the one that its client gave it. */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order's trace */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trace"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `order_not_found`: No such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "order_not_found";
                    };
                };
            };
            /** @description `order_id_ambiguous`: Several clients have an order with this id. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "order_id_ambiguous";
                    };
                };
            };
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["ProblemUnderLoad503"];
        };
    };
    getOrderStory: {
        parameters: {
            query?: {
                /** @description The client whose order is meant, if several clients use the same id. Only for a key with the scope `operations`, which acts for all clients. */
                client?: components["parameters"]["client"];
            };
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The order's id: the unique one, or the one that its client gave it. */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Everything about the order */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderStory"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `order_not_found`: No such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "order_not_found";
                    };
                };
            };
            /** @description `order_id_ambiguous`: Several clients have an order with this id. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "order_id_ambiguous";
                    };
                };
            };
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["ProblemUnderLoad503"];
        };
    };
    cancelOrder: {
        parameters: {
            query?: {
                /** @description The client whose order is meant, if several clients use the same id. Only for a key with the scope `operations`, which acts for all clients. */
                client?: components["parameters"]["client"];
            };
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The order's id: the unique one, or the one that its client gave it. */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CancelOrder"];
            };
        };
        responses: {
            /** @description The order was cancelled before */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description Cancelled */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `order_not_found`: No such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "order_not_found";
                    };
                };
            };
            408: components["responses"]["Problem408"];
            /** @description `order_not_cancellable`: The order was rejected, or has left for the archive: there is nothing to cancel. `order_id_ambiguous`: Several clients have an order with this id. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "order_not_cancellable" | "order_id_ambiguous";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listKeys: {
        parameters: {
            query?: {
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description Where the page begins: the `nextCursor` of the page before, as it came, with the same filters. `limit` may be another. */
                cursor?: string;
            };
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description API keys without their secrets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Key"][];
                        /** @description Hand it back as `cursor` to get the next page. The last page has none. */
                        nextCursor?: string;
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateKey"];
            };
        };
        responses: {
            /** @description The key, shown this one time */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedKey"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            /** @description `request_in_progress`: The same request is being handled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "request_in_progress";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    revokeKey: {
        parameters: {
            query?: {
                cascade?: "true" | "false";
                /** @description Why, for the audit log. */
                reason?: string;
            };
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The key's id: its part between the underscores. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked, with the keys and webhooks that went with it or live on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevokedKey"];
                };
            };
            /** @description Revoked, now or before; nothing that it made lives on */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `key_not_found`: No such API key. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "key_not_found";
                    };
                };
            };
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    readOrderFeed: {
        parameters: {
            query?: {
                /** @description The `Next-Cursor` of the response before. Without it, the feed begins anew. */
                after?: string;
                /** @description How many events come at most. */
                limit?: number;
                /** @description Where there are no events, wait so many seconds for the next one. */
                wait?: number | null;
                /** @description Only events of these types, with commas between them. A page may then be empty although more follow: `Next-Cursor` has moved. */
                types?: string;
            };
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The next events; an empty list where there are none yet */
            200: {
                headers: {
                    "Next-Cursor": components["headers"]["Next-Cursor"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/cloudevents-batch+json": components["schemas"]["FeedEvent"][];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `feed_cursor_refused`: The cursor is no longer known. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "feed_cursor_refused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    switchFeedOff: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The feed is off */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getFeedConsumer: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The name of the consumer. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The consumer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedConsumer"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `consumer_not_found`: No such consumer of the feed. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "consumer_not_found";
                    };
                };
            };
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    putFeedConsumer: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The name of the consumer. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PutFeedConsumer"];
            };
        };
        responses: {
            /** @description The consumer, which was there before */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedConsumer"];
                };
            };
            /** @description The new consumer */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedConsumer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `order_not_found`: No such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "order_not_found";
                    };
                };
            };
            408: components["responses"]["Problem408"];
            /** @description `consumer_limit_reached`: There are as many consumers of the feed as there can be. `consumer_of_other_feed`: The consumer follows another feed. `order_id_ambiguous`: Several clients have an order with this id. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "consumer_limit_reached" | "consumer_of_other_feed" | "order_id_ambiguous";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    removeFeedConsumer: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The name of the consumer. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description There is no such consumer any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listFeedConsumers: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All consumers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["FeedConsumer"][];
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    leaseFeedConsumer: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The name of the consumer. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["LeaseFeedConsumer"];
            };
        };
        responses: {
            /** @description The lease, and where to read on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedLease"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `consumer_not_found`: No such consumer of the feed. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "consumer_not_found";
                    };
                };
            };
            408: components["responses"]["Problem408"];
            /** @description `consumer_leased`: Another holder has the lease. `consumer_paused`: The consumer is paused. `lease_lost`: The lease is no longer yours. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "consumer_leased" | "consumer_paused" | "lease_lost";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    commitFeedConsumer: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The name of the consumer. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CommitFeedConsumer"];
            };
        };
        responses: {
            /** @description The renewed lease */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedLease"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `consumer_not_found`: No such consumer of the feed. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "consumer_not_found";
                    };
                };
            };
            408: components["responses"]["Problem408"];
            /** @description `lease_lost`: The lease is no longer yours. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "lease_lost";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `feed_cursor_refused`: The cursor is no longer known. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "feed_cursor_refused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    seekFeedConsumer: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The name of the consumer. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FeedStart"];
            };
        };
        responses: {
            /** @description The consumer at its new place */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedConsumer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `consumer_not_found`: No such consumer of the feed. `order_not_found`: No such order. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "consumer_not_found" | "order_not_found";
                    };
                };
            };
            408: components["responses"]["Problem408"];
            /** @description `order_id_ambiguous`: Several clients have an order with this id. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "order_id_ambiguous";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    pauseFeedConsumer: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The name of the consumer. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is paused */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedConsumer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `consumer_not_found`: No such consumer of the feed. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "consumer_not_found";
                    };
                };
            };
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    resumeFeedConsumer: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The name of the consumer. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is not paused */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedConsumer"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `consumer_not_found`: No such consumer of the feed. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "consumer_not_found";
                    };
                };
            };
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    testFeedConsumer: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The name of the consumer. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event is on its way */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        eventId: string;
                    };
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `consumer_not_found`: No such consumer of the feed. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "consumer_not_found";
                    };
                };
            };
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    rebuildOrderList: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The work has started */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListRebuild"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            /** @description `request_in_progress`: The same request is being handled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "request_in_progress";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listPauses: {
        parameters: {
            query?: {
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description Where the page begins: the `nextCursor` of the page before, as it came, with the same filters. `limit` may be another. */
                cursor?: string;
            };
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is paused */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Pause"][];
                        /** @description Hand it back as `cursor` to get the next page. The last page has none. */
                        nextCursor?: string;
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    pauseOrders: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PauseOrders"];
            };
        };
        responses: {
            /** @description They are paused */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pause"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `product_not_found`: No such product. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "product_not_found";
                    };
                };
            };
            408: components["responses"]["Problem408"];
            /** @description `pause_limit_reached`: As many products are paused as can be. `request_in_progress`: The same request is being handled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "pause_limit_reached" | "request_in_progress";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    resumeOrders: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ResumeOrders"];
            };
        };
        responses: {
            /** @description They are not paused */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResumedOrders"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            /** @description `request_in_progress`: The same request is being handled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "request_in_progress";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    receiveStripeEvent: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StripeEvent"];
            };
        };
        responses: {
            /** @description The event need not come again */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceivedEvent"];
                };
            };
            /** @description `invalid_signature`: The signature does not fit the body. `malformed_json`: The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 400;
                        /** @enum {string} */
                        code?: "invalid_signature" | "malformed_json";
                    };
                };
            };
            /** @description `not_found`: There is nothing at this address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "not_found";
                    };
                };
            };
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    replayEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WantedReplay"];
            };
        };
        responses: {
            /** @description The events are on their way */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replay"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            /** @description `order_id_ambiguous`: Several clients have an order with this id. `request_in_progress`: The same request is being handled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "order_id_ambiguous" | "request_in_progress";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    eraseCustomer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WantedErasure"];
            };
        };
        responses: {
            /** @description This portion is erased */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erasure"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            /** @description `request_in_progress`: The same request is being handled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "request_in_progress";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All metrics */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getMetricsHistory: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The last hour */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Sixty, oldest first. The last one is not over. */
                        minutes: components["schemas"]["Minute"][];
                        /** @description Parts that did not respond, such as `orders-0`. Their counts are missing. */
                        unread: string[];
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getMetricsDay: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The last day */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Forty-eight, oldest first. They begin at full and half hours of UTC. The last one is not over. */
                        halfHours: components["schemas"]["HalfHour"][];
                        /** @description Parts that did not respond, such as `orders-0`. Their counts are missing. */
                        unread: string[];
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getAudit: {
        parameters: {
            query?: {
                /** @description How many orders a page checks at most. */
                limit?: number;
                /** @description Where the page begins: the `nextCursor` of the page before, as it came, with the same filters. `limit` may be another. */
                cursor?: string;
            };
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The laws on this page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Audit"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    publishEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": ({
                    /** @constant */
                    eventType: "OrderPlaced";
                    orderId: string & (unknown & unknown);
                    items: {
                        productId: string;
                        quantity: number;
                    }[];
                    totalAmount: number;
                    /** Format: date-time */
                    timestamp: string;
                } | {
                    /** @constant */
                    specversion: "1.0";
                    /** @constant */
                    type: "OrderPlaced";
                    /** @constant */
                    schemaversion?: 1;
                    /** @description Derived from what happened, never from the attempt: an event sent twice is the same event. */
                    id: string;
                    /** @description The service that published it. */
                    source: string;
                    subject?: string;
                    /** Format: date-time */
                    time?: string;
                    traceparent?: string;
                    data: {
                        orderId: string & (unknown & unknown);
                        items: {
                            productId: string;
                            quantity: number;
                        }[];
                        totalAmount: number;
                        /** Format: date-time */
                        timestamp?: string;
                    };
                } | {
                    /** @constant */
                    specversion: "1.0";
                    /** @constant */
                    type: "OrderPlaced";
                    /** @constant */
                    schemaversion?: 2;
                    /** @description Derived from what happened, never from the attempt: an event sent twice is the same event. */
                    id: string;
                    /** @description The service that published it. */
                    source: string;
                    subject?: string;
                    /** Format: date-time */
                    time?: string;
                    traceparent?: string;
                    data: {
                        orderId: string & (unknown & unknown);
                        items: {
                            productId: string;
                            quantity: number;
                        }[];
                        totalAmount: number;
                        currency: string;
                        /** @description Ignored: the order is of the client whose key it is. */
                        client?: unknown;
                        /** @description Only inside the system: views of the event outside leave it out. */
                        payment?: {
                            token: string;
                        };
                        customerId?: string;
                    };
                }) | ({
                    /** @constant */
                    eventType: "OrderPlaced";
                    orderId: string & (unknown & unknown);
                    items: {
                        productId: string;
                        quantity: number;
                    }[];
                    totalAmount: number;
                    /** Format: date-time */
                    timestamp: string;
                } | {
                    /** @constant */
                    specversion: "1.0";
                    /** @constant */
                    type: "OrderPlaced";
                    /** @constant */
                    schemaversion?: 1;
                    /** @description Derived from what happened, never from the attempt: an event sent twice is the same event. */
                    id: string;
                    /** @description The service that published it. */
                    source: string;
                    subject?: string;
                    /** Format: date-time */
                    time?: string;
                    traceparent?: string;
                    data: {
                        orderId: string & (unknown & unknown);
                        items: {
                            productId: string;
                            quantity: number;
                        }[];
                        totalAmount: number;
                        /** Format: date-time */
                        timestamp?: string;
                    };
                } | {
                    /** @constant */
                    specversion: "1.0";
                    /** @constant */
                    type: "OrderPlaced";
                    /** @constant */
                    schemaversion?: 2;
                    /** @description Derived from what happened, never from the attempt: an event sent twice is the same event. */
                    id: string;
                    /** @description The service that published it. */
                    source: string;
                    subject?: string;
                    /** Format: date-time */
                    time?: string;
                    traceparent?: string;
                    data: {
                        orderId: string & (unknown & unknown);
                        items: {
                            productId: string;
                            quantity: number;
                        }[];
                        totalAmount: number;
                        currency: string;
                        /** @description Ignored: the order is of the client whose key it is. */
                        client?: unknown;
                        /** @description Only inside the system: views of the event outside leave it out. */
                        payment?: {
                            token: string;
                        };
                        customerId?: string;
                    };
                })[];
                "application/cloudevents+json": {
                    /** @constant */
                    eventType: "OrderPlaced";
                    orderId: string & (unknown & unknown);
                    items: {
                        productId: string;
                        quantity: number;
                    }[];
                    totalAmount: number;
                    /** Format: date-time */
                    timestamp: string;
                } | {
                    /** @constant */
                    specversion: "1.0";
                    /** @constant */
                    type: "OrderPlaced";
                    /** @constant */
                    schemaversion?: 1;
                    /** @description Derived from what happened, never from the attempt: an event sent twice is the same event. */
                    id: string;
                    /** @description The service that published it. */
                    source: string;
                    subject?: string;
                    /** Format: date-time */
                    time?: string;
                    traceparent?: string;
                    data: {
                        orderId: string & (unknown & unknown);
                        items: {
                            productId: string;
                            quantity: number;
                        }[];
                        totalAmount: number;
                        /** Format: date-time */
                        timestamp?: string;
                    };
                } | {
                    /** @constant */
                    specversion: "1.0";
                    /** @constant */
                    type: "OrderPlaced";
                    /** @constant */
                    schemaversion?: 2;
                    /** @description Derived from what happened, never from the attempt: an event sent twice is the same event. */
                    id: string;
                    /** @description The service that published it. */
                    source: string;
                    subject?: string;
                    /** Format: date-time */
                    time?: string;
                    traceparent?: string;
                    data: {
                        orderId: string & (unknown & unknown);
                        items: {
                            productId: string;
                            quantity: number;
                        }[];
                        totalAmount: number;
                        currency: string;
                        /** @description Ignored: the order is of the client whose key it is. */
                        client?: unknown;
                        /** @description Only inside the system: views of the event outside leave it out. */
                        payment?: {
                            token: string;
                        };
                        customerId?: string;
                    };
                };
                "application/cloudevents-batch+json": ({
                    /** @constant */
                    eventType: "OrderPlaced";
                    orderId: string & (unknown & unknown);
                    items: {
                        productId: string;
                        quantity: number;
                    }[];
                    totalAmount: number;
                    /** Format: date-time */
                    timestamp: string;
                } | {
                    /** @constant */
                    specversion: "1.0";
                    /** @constant */
                    type: "OrderPlaced";
                    /** @constant */
                    schemaversion?: 1;
                    /** @description Derived from what happened, never from the attempt: an event sent twice is the same event. */
                    id: string;
                    /** @description The service that published it. */
                    source: string;
                    subject?: string;
                    /** Format: date-time */
                    time?: string;
                    traceparent?: string;
                    data: {
                        orderId: string & (unknown & unknown);
                        items: {
                            productId: string;
                            quantity: number;
                        }[];
                        totalAmount: number;
                        /** Format: date-time */
                        timestamp?: string;
                    };
                } | {
                    /** @constant */
                    specversion: "1.0";
                    /** @constant */
                    type: "OrderPlaced";
                    /** @constant */
                    schemaversion?: 2;
                    /** @description Derived from what happened, never from the attempt: an event sent twice is the same event. */
                    id: string;
                    /** @description The service that published it. */
                    source: string;
                    subject?: string;
                    /** Format: date-time */
                    time?: string;
                    traceparent?: string;
                    data: {
                        orderId: string & (unknown & unknown);
                        items: {
                            productId: string;
                            quantity: number;
                        }[];
                        totalAmount: number;
                        currency: string;
                        /** @description Ignored: the order is of the client whose key it is. */
                        client?: unknown;
                        /** @description Only inside the system: views of the event outside leave it out. */
                        payment?: {
                            token: string;
                        };
                        customerId?: string;
                    };
                })[];
            };
        };
        responses: {
            /** @description All are durably stored */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedEvents"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            /** @description `order_id_taken`: The order id stands for another order of yours. `request_in_progress`: The same request is being handled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "order_id_taken" | "request_in_progress";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `event_not_accepted`: The event is not one that is taken from outside. `unknown_product`: The catalogue has no such product. `mixed_currencies`: The products are priced in different currencies. `price_mismatch`: The total is not the one computed from the catalogue. `amount_too_large`: The amount is too large. `amount_not_chargeable`: The bank cannot charge the amount. `payment_required`: A payment method is needed. `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "event_not_accepted" | "unknown_product" | "mixed_currencies" | "price_mismatch" | "amount_too_large" | "amount_not_chargeable" | "payment_required" | "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            /** @description `orders_paused`: New orders are paused. `misconfigured`: The deployment lacks configuration. `unavailable`: A part of the system does not answer. `overloaded`: More is asked than the system can do just now. */
            503: {
                headers: {
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 503;
                        /** @enum {string} */
                        code?: "orders_paused" | "misconfigured" | "unavailable" | "overloaded";
                    };
                };
            };
        };
    };
    getFaults: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As they are now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `not_found`: There is nothing at this address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "not_found";
                    };
                };
            };
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    setFaults: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WantedFaults"];
            };
        };
        responses: {
            /** @description As they are now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faults"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `not_found`: There is nothing at this address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "not_found";
                    };
                };
            };
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The product's id. */
                productId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The product */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `product_not_found`: No such product. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "product_not_found";
                    };
                };
            };
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["ProblemUnderLoad503"];
        };
    };
    putProduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The product's id. */
                productId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutProduct"];
            };
        };
        responses: {
            /** @description The product as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            /** @description The new product */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listProducts: {
        parameters: {
            query?: {
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description Where the page begins: the `nextCursor` of the page before, as it came, with the same filters. `limit` may be another. */
                cursor?: string;
            };
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The catalogue */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Product"][];
                        /** @description Hand it back as `cursor` to get the next page. The last page has none. */
                        nextCursor?: string;
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["ProblemUnderLoad503"];
        };
    };
    listLevels: {
        parameters: {
            query?: {
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description Where the page begins: the `nextCursor` of the page before, as it came, with the same filters. `limit` may be another. */
                cursor?: string;
            };
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All levels */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["StockLevel"][];
                        /** @description Hand it back as `cursor` to get the next page. The last page has none. */
                        nextCursor?: string;
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["ProblemUnderLoad503"];
        };
    };
    getLevel: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The product's id. */
                productId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The level as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StockLevel"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `product_not_found`: No such product. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "product_not_found";
                    };
                };
            };
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["ProblemUnderLoad503"];
        };
    };
    adjustStock: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The product's id. */
                productId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AdjustStock"];
            };
        };
        responses: {
            /** @description The new level */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StockLevel"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `product_not_found`: No such product. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "product_not_found";
                    };
                };
            };
            408: components["responses"]["Problem408"];
            /** @description `insufficient_stock`: Less is available than is to be taken away. `stock_limit_exceeded`: More would be on hand than can be counted. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "insufficient_stock" | "stock_limit_exceeded";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listMovements: {
        parameters: {
            query?: {
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description Where the page begins: the `nextCursor` of the page before, as it came, with the same filters. `limit` may be another. */
                cursor?: string;
            };
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The product's id. */
                productId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ledger, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["StockMovement"][];
                        /** @description Hand it back as `cursor` to get the next page. The last page has none. */
                        nextCursor?: string;
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `product_not_found`: No such product. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "product_not_found";
                    };
                };
            };
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["ProblemUnderLoad503"];
        };
    };
    rebuildMovementList: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The work has started */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListRebuild"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            /** @description `request_in_progress`: The same request is being handled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "request_in_progress";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    readProductFeed: {
        parameters: {
            query?: {
                /** @description The `Next-Cursor` of the response before. Without it, the feed begins anew. */
                after?: string;
                /** @description How many events come at most. */
                limit?: number;
                /** @description Where there are no events, wait so many seconds for the next one. */
                wait?: number | null;
            };
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The next versions; an empty list where there are none yet */
            200: {
                headers: {
                    "Next-Cursor": components["headers"]["Next-Cursor"];
                    Link: components["headers"]["Link"];
                    [name: string]: unknown;
                };
                content: {
                    "application/cloudevents-batch+json": (components["schemas"]["ProductState"] | components["schemas"]["FeedTested"])[];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `feed_cursor_refused`: The cursor is no longer known. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "feed_cursor_refused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    switchProductFeedOff: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The product feed is off */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listPayments: {
        parameters: {
            query?: {
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description Where the page begins: the `nextCursor` of the page before, as it came, with the same filters. `limit` may be another. */
                cursor?: string;
                /** @description Only payments with this status. */
                status?: "pending" | "authorized" | "declined" | "captured" | "failed" | "voided" | "refunded";
                /** @description Only payments with a step that has to be made and that the bank refused for good. */
                stuck?: "true";
                /** @description Only payments that were created at this time or later. */
                createdAfter?: string;
                /** @description Only payments that were created before this time. */
                createdBefore?: string;
            };
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Payments, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Payment"][];
                        /** @description Hand it back as `cursor` to get the next page. The last page has none. */
                        nextCursor?: string;
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["ProblemUnderLoad503"];
        };
    };
    getPayment: {
        parameters: {
            query?: {
                /** @description The client whose order is meant, if several clients use the same id. Only for a key with the scope `operations`, which acts for all clients. */
                client?: components["parameters"]["client"];
            };
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The order's id: the unique one, or the one that its client gave it. */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The payment as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Payment"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `payment_not_found`: No such payment. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "payment_not_found";
                    };
                };
            };
            /** @description `order_id_ambiguous`: Several clients have an order with this id. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "order_id_ambiguous";
                    };
                };
            };
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["ProblemUnderLoad503"];
        };
    };
    requestRefund: {
        parameters: {
            query?: {
                /** @description The client whose order is meant, if several clients use the same id. Only for a key with the scope `operations`, which acts for all clients. */
                client?: components["parameters"]["client"];
            };
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The order's id: the unique one, or the one that its client gave it. */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RequestRefund"];
            };
        };
        responses: {
            /** @description The refund, durably requested */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refund"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `payment_not_found`: No such payment. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "payment_not_found";
                    };
                };
            };
            408: components["responses"]["Problem408"];
            /** @description `refund_limit_reached`: The payment has as many refunds as it may have. `order_id_ambiguous`: Several clients have an order with this id. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "refund_limit_reached" | "order_id_ambiguous";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `refund_exceeds_captured`: More than is left would be refunded. `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "refund_exceeds_captured" | "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getReconciliation: {
        parameters: {
            query: {
                /** @description Payments made from then on. */
                from: string;
                /** @description Payments made before. */
                to: string;
                /** @description Where the page begins: the `nextCursor` of the page before, as it came, with the same filters. `limit` may be another. */
                cursor?: string;
            };
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The differences of a page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reconciliation"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getSimulatedBooks: {
        parameters: {
            query?: {
                /** @description The client whose order is meant, if several clients use the same id. Only for a key with the scope `operations`, which acts for all clients. */
                client?: components["parameters"]["client"];
            };
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The order's id: the unique one, or the one that its client gave it. */
                orderId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The simulated bank's operations, from its own books */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SimulatedBooks"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `order_id_ambiguous`: Several clients have an order with this id. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "order_id_ambiguous";
                    };
                };
            };
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    rebuildPaymentList: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The work has started */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListRebuild"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            /** @description `request_in_progress`: The same request is being handled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "request_in_progress";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    setOutage: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SimulatedOutage"];
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SimulatedOutage"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `not_found`: There is nothing at this address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "not_found";
                    };
                };
            };
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listAuditLog: {
        parameters: {
            query?: {
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description Where the page begins: the `nextCursor` of the page before, as it came, with the same filters. `limit` may be another. */
                cursor?: string;
                kind?: "dead_letter" | "drill" | "feed" | "key" | "list" | "order" | "pause" | "payment" | "product" | "replay" | "stock" | "webhook";
                /** @description The word in `action`, such as `cancelled`. */
                action?: string;
                /** @description Whose key did it. */
                client?: string;
                /** @description The id of the key that did it. */
                keyId?: string;
                /** @description The email address of the person who did it in the console, behind Cloudflare Access. */
                person?: string;
                /** @description The id of an order, product, key, webhook or dead letter. */
                subject?: string;
                /** @description Only actions of this time or later. */
                since?: string;
                /** @description Only actions before this time. */
                until?: string;
            };
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was done, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditEntry"][];
                        /** @description Hand it back as `cursor` to get the next page. The last page has none. */
                        nextCursor?: string;
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listStockAlerts: {
        parameters: {
            query?: {
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description Where the page begins: the `nextCursor` of the page before, as it came, with the same filters. `limit` may be another. */
                cursor?: string;
                /** @description Only alerts about this product. */
                productId?: string;
                /** @description `StockDepleted`: it ran out. `StockReplenished`: it is available again. */
                type?: "StockDepleted" | "StockReplenished";
            };
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The alerts, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["StockAlert"][];
                        /** @description Hand it back as `cursor` to get the next page. The last page has none. */
                        nextCursor?: string;
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listDeadLetters: {
        parameters: {
            query?: {
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description Where the page begins: the `nextCursor` of the page before, as it came, with the same filters. `limit` may be another. */
                cursor?: string;
                queue?: "order-inbox" | "inventory-inbox" | "payment-inbox" | "operations-inbox";
                status?: "open" | "redriven" | "discarded";
                /** @description The word in `reason`, such as `bank_refused`. */
                reason?: string;
                /** @description The `type` of the event, such as `OrderPlaced`. */
                type?: string;
            };
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What could not be handled, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["DeadLetter"][];
                        /** @description Hand it back as `cursor` to get the next page. The last page has none. */
                        nextCursor?: string;
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listDeadLetterGroups: {
        parameters: {
            query?: {
                queue?: "order-inbox" | "inventory-inbox" | "payment-inbox" | "operations-inbox";
                status?: "open" | "redriven" | "discarded";
            };
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The groups */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        groups: components["schemas"]["DeadLetterGroup"][];
                        /** @description There are more letters or groups than these. */
                        hasMore: boolean;
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getDeadLetter: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The letter's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The letter */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterDetail"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `dead_letter_not_found`: No such dead letter. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "dead_letter_not_found";
                    };
                };
            };
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    redriveDeadLetters: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RedriveDeadLetters"];
            };
        };
        responses: {
            /** @description Sent again */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RedrivenDeadLetters"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            /** @description `request_in_progress`: The same request is being handled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "request_in_progress";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    redriveDeadLetter: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The letter's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Sent again */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetter"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `dead_letter_not_found`: No such dead letter. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "dead_letter_not_found";
                    };
                };
            };
            408: components["responses"]["Problem408"];
            /** @description `payment_token_erased`: The payment token of this event was erased. `request_in_progress`: The same request is being handled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "payment_token_erased" | "request_in_progress";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    discardDeadLetters: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DiscardDeadLetters"];
            };
        };
        responses: {
            /** @description Kept, and never to be sent again */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DiscardedDeadLetters"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            /** @description `request_in_progress`: The same request is being handled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "request_in_progress";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    discardDeadLetter: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The letter's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DiscardDeadLetter"];
            };
        };
        responses: {
            /** @description Kept, and never to be sent again */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetter"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `dead_letter_not_found`: No such dead letter. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "dead_letter_not_found";
                    };
                };
            };
            408: components["responses"]["Problem408"];
            /** @description `request_in_progress`: The same request is being handled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "request_in_progress";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    sendPoison: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PoisonMessage"];
            };
        };
        responses: {
            /** @description On its way */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentPoison"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `not_found`: There is nothing at this address. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "not_found";
                    };
                };
            };
            408: components["responses"]["Problem408"];
            /** @description `request_in_progress`: The same request is being handled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "request_in_progress";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description Where the page begins: the `nextCursor` of the page before, as it came, with the same filters. `limit` may be another. */
                cursor?: string;
                /** @description Only webhooks whose address has failed since its last success. */
                health?: "failing";
            };
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Webhooks, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["WebhookWithHealth"][];
                        /** @description Hand it back as `cursor` to get the next page. The last page has none. */
                        nextCursor?: string;
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    registerWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterWebhook"];
            };
        };
        responses: {
            /** @description The webhook, enabled, and its secret this one time */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookWithSecret"];
                };
            };
            /** @description The webhook, still pending, and its secret this one time */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookWithSecret"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            408: components["responses"]["Problem408"];
            /** @description `webhook_limit_exceeded`: The client has as many webhooks as it may have. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "webhook_limit_exceeded";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The webhook's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookWithHealth"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `webhook_not_found`: No such webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "webhook_not_found";
                    };
                };
            };
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    removeWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The webhook's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `webhook_not_found`: No such webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "webhook_not_found";
                    };
                };
            };
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    changeWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The webhook's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeWebhook"];
            };
        };
        responses: {
            /** @description The webhook as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description The webhook, still pending */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `webhook_not_found`: No such webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "webhook_not_found";
                    };
                };
            };
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The webhook's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RotateWebhookSecret"];
            };
        };
        responses: {
            /** @description The webhook, and its new secret this one time */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookWithSecret"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `webhook_not_found`: No such webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "webhook_not_found";
                    };
                };
            };
            408: components["responses"]["Problem408"];
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The webhook's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery, on its way */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `webhook_not_found`: No such webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "webhook_not_found";
                    };
                };
            };
            408: components["responses"]["Problem408"];
            /** @description `webhook_disabled`: The webhook is disabled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "webhook_disabled";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description How many items a page has at most. */
                limit?: number;
                /** @description Where the page begins: the `nextCursor` of the page before, as it came, with the same filters. `limit` may be another. */
                cursor?: string;
                /** @description Only deliveries with this status. Of more than 1 000 pending ones, those that are due first. */
                status?: "pending" | "delivered" | "failed";
            };
            header?: {
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The webhook's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deliveries, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["WebhookDelivery"][];
                        /** @description Hand it back as `cursor` to get the next page. The last page has none. */
                        nextCursor?: string;
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `webhook_not_found`: No such webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "webhook_not_found";
                    };
                };
            };
            422: components["responses"]["Problem422"];
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    resendDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The webhook's id. */
                id: string;
                /** @description The delivery's id. */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery, on its way again */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `webhook_not_found`: No such webhook. `delivery_not_found`: No such delivery. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "webhook_not_found" | "delivery_not_found";
                    };
                };
            };
            408: components["responses"]["Problem408"];
            /** @description `webhook_disabled`: The webhook is disabled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "webhook_disabled";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
    resendDeliveries: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable: the same key with the same body gets the first response again, and nothing is done twice. Kept for at least 24 hours. */
                "Idempotency-Key"?: components["parameters"]["Idempotency-Key"];
                /** @description The W3C trace that this call belongs to. A value that cannot be read starts a new trace. */
                traceparent?: components["parameters"]["traceparent"];
            };
            path: {
                /** @description The webhook's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResendDeliveries"];
            };
        };
        responses: {
            /** @description A dry run: how many would be sent again */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkResend"];
                };
            };
            /** @description A portion, on its way again */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkResend"];
                };
            };
            400: components["responses"]["Problem400"];
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description `webhook_not_found`: No such webhook. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 404;
                        /** @enum {string} */
                        code?: "webhook_not_found";
                    };
                };
            };
            408: components["responses"]["Problem408"];
            /** @description `webhook_disabled`: The webhook is disabled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 409;
                        /** @enum {string} */
                        code?: "webhook_disabled";
                    };
                };
            };
            413: components["responses"]["Problem413"];
            415: components["responses"]["Problem415"];
            /** @description `idempotency_key_reused`: The idempotency key was used for another request. `validation_failed`: The request is not valid. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"] & {
                        /** @constant */
                        status?: 422;
                        /** @enum {string} */
                        code?: "idempotency_key_reused" | "validation_failed";
                    };
                };
            };
            429: components["responses"]["Problem429"];
            500: components["responses"]["Problem500"];
            503: components["responses"]["Problem503"];
        };
    };
}
