export const USAGE = `npm run ops -- COMMAND

  orders list [--status STATUS] [--stuck] [--unsettled] [--customer ID] [--reference REFERENCE]
              [--product PRODUCT] [--after TIME] [--before TIME] [--limit N]
                                                      list orders, newest first; a TIME is 2026-11-23T14:20:00Z
  orders get ID                                       everything about an order: events, payment, bank, stock, letters
  orders trace ID                                     where its time went, span by span; --json is OTLP
  orders watch ID                                     its events as they happen, until it is settled
  orders cancel ID [--reason WHY]                     cancel an order, also a confirmed one
  orders cancel --product PRODUCT --since TIME [--until TIME] [--reason WHY] [--rate N] [--dry-run]
                                                      cancel all orders with a product that were placed in that time, at most
                                                      N a second (20); run it again to go on where it was stopped

  orders pause [--product PRODUCT] --reason WHY       refuse new orders with 503 for a while: those with a product, or all
  orders resume [--product PRODUCT] [--reason WHY]    take them again
  orders paused                                       list what is paused, by whom and why

  inventory list [--limit N]                          list the stock of all products
  inventory get PRODUCT                               the stock of a product
  inventory adjust PRODUCT --delta=N --reason WHY     N more, or fewer: --delta=-5
  inventory movements PRODUCT [--limit N]             its ledger, newest first; 100 without --limit
  inventory alerts [--product PRODUCT] [--type TYPE] [--limit N]
                                                      what ran out (StockDepleted) or is available again
                                                      (StockReplenished), newest first; 100 without --limit

  products list [--limit N]                           list the catalogue
  products get PRODUCT                                name and price of a product
  products put PRODUCT --name NAME --price N --currency CURRENCY
                                                      make a product, or replace its name and price

  payments list [--status STATUS] [--stuck] [--after TIME] [--before TIME] [--limit N]
                                                      list payments, newest first
  payments get ORDER                                  the payment of an order, with its refunds
  payments reconcile [--since TIME] [--until TIME]    compare the bank's list with our payments, both ways, of the last day
                                                      or of a time; nothing is changed
  payments refund ORDER [--amount N] [--reason WHY]   give back an amount, or all that is left

  events publish FILE|-                               place orders by events from outside: a CloudEvent, an array of them,
                                                      or events of version 1; more than a hundred go in portions
  webhooks list [--failing] [--limit N]               list webhooks with their health, oldest first
  webhooks get ID                                     one webhook: since when its address fails, why, and what waits
  webhooks deliveries ID [--status STATUS] [--limit N]
                                                      what was sent to it; a STATUS is pending, delivered or failed
  webhooks register ADDRESS --type TYPE,TYPE          have events posted to an address; the secret is shown once
  webhooks change ID [--address ADDRESS] [--type TYPE,TYPE]
                                                      other events, or another address
  webhooks rotate ID [--overlap SECONDS]              give it a new secret, shown once; the old one signs too for a day
  webhooks remove ID                                  remove it with its deliveries
  webhooks test ID                                    send it a test event
  webhooks resend ID DELIVERY...                      send these deliveries again
  webhooks resend ID --since TIME [--until TIME] [--status STATUS] [--dry-run]
                                                      send those that failed again, or only count them; with the STATUS
                                                      pending those that wait for a later attempt
  webhooks enable ID, webhooks disable ID             send it events again, or no longer

  consumers list                                      list the consumers of the feeds: health, lag, last error
  consumers get NAME                                  one of them, with its lease
  consumers put NAME [--feed products] [--from PLACE] [--type TYPE,TYPE]
                                                      make one, or change its types; a PLACE is oldest, now, a TIME or
                                                      the id of an order; of the products oldest or now, and no TYPE
  consumers seek NAME --from PLACE                    move it; it goes on from there
  consumers pause NAME, consumers resume NAME         deliver nothing for a while, or go on
  consumers test NAME                                 send an event of type FeedTested through it
  consumers remove NAME                               forget its place
  feed off orders, feed off products                  switch a feed off: every cursor until now is refused

  replay --to SERVICE (--order ID... | --since TIME [--until TIME]) [--type TYPE,TYPE] [--rate N] [--dry-run]
         [--reason WHY]                               send events of orders once more to inventory, payment, order or
                                                      operations (webhooks), at most N a second (50); those of a time
                                                      are of the orders that were placed in it

  customers erase --client NAME --customer ID [--rate N] [--dry-run] [--reason WHY]
                                                      erase what is stored about one customer of a client, for good; run it
                                                      again for orders that were not settled

  keys create --client NAME --scopes SCOPE,SCOPE [--open-orders N --open-units N]
                                                      make an API key for a client; it is shown once. With the limits,
                                                      no more undecided orders, or units in them, at the same time
  keys rotate ID                                      make a key for the same client with the same scopes and limits;
                                                      revoke the old one afterwards
  keys list                                           list all keys, newest first, without their secrets
  keys revoke ID [--cascade | --no-cascade] [--reason WHY]
                                                      refuse the key, and every key that it made, within half a minute;
                                                      disable their webhooks

  dead-letters list [--status STATUS] [--queue QUEUE] [--reason REASON] [--type TYPE]
                                                      list open ones; a STATUS is redriven, discarded or all
  dead-letters groups [--queue QUEUE] [--status STATUS]
                                                      count them by inbox, reason and error
  dead-letters show ID                                one letter: its event, and where it differs from its schema
  dead-letters redrive ID... [--rate N] [--dry-run]   send these again, N a second; or only tell which can be read
  dead-letters redrive [--queue QUEUE] [--reason REASON] [--type TYPE] [--error ERROR] [--limit N] [--rate N] [--dry-run]
                                                      the same for all open ones of a group; ERROR as groups shows it
  dead-letters discard ID... --reason WHY             discard these for good
  dead-letters discard --reason WHY [--queue QUEUE] [--of-reason REASON] [--type TYPE] [--error ERROR] [--limit N] [--dry-run]
                                                      discard all open ones of a group for good

  rebuild orders|payments|movements                   fill a list again from the partitions, while orders go on;
                                                      movements: the ledger and the products too

  faults set [--stopped SERVICES] [--crashing SERVICES] [--duplicates] [--delay SECONDS] [--bank slow|failing]
                                                      drills in a demo: what goes wrong from now on
  faults poison INBOX                                 send a message that no consumer can handle, such as to
                                                      inventory-inbox
  faults show                                         what was set
  faults clear                                        end all faults

  audit-log [--kind KIND] [--action ACTION] [--subject ID] [--client NAME] [--key-id ID]
            [--person EMAIL] [--since TIME] [--until TIME] [--limit N]
                                                      who did what, when and why, newest first; 100 without --limit
  metrics hour, metrics day                           orders by outcome, success, time to settled and dead letters, by the
                                                      minute of the last hour, or by the half hour of the last day
  health                                              what each Worker lacks; 1 where one is not ready
  audit                                               check the conservation laws of stock and money over all orders
                                                      and the bank's books, while orders go on; 1 where one is broken

  --url ADDRESS   the system to call; else EDGE_ORDERS_URL, else the system on this machine
  --key -         a key with the scope operations, from standard input; better than --key KEY, which shows it to
                  every user who lists processes. Else EDGE_ORDERS_KEY, else, on this machine, the key in .dev.vars
  --allow-http    send the key in plain text to an http:// address of another machine
  --json          print the response as JSON, for programs

Exit code 0: done. 1: refused or not reached. 2: not understood.`

/** The command line has a mistake, which the message names. */
export class UsageError extends Error {}
