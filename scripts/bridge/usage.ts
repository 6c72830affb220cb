import { ADAPTERS } from './adapters.ts'

export const usageText = (): string => `npm run bridge -- ${Object.keys(ADAPTERS).join('|')} --in|--out

  --in              place the orders that come as OrderPlaced from the broker
  --out             publish the events of all orders to the broker
  --feed products   --out: publish products and their stock instead, each again in its newest version when it changes
  --consumer NAME   --out: the consumer of the feed, which keeps the position; bridge if not given, bridge-products with
                    --feed products. It is made if it is missing, and then begins with all that is kept
  --holder NAME     --out: what this process calls itself, the name of the host if not given. A process of the same
                    name takes over at once, any other once the lease is over, after 90 seconds
  --allow-http      send the key in plain text to an http:// address of another machine

${Object.entries(ADAPTERS)
  .map(([name, { help }]) => `${name}\n${help}`)
  .join('\n\n')}

EDGE_ORDERS_URL and EDGE_ORDERS_KEY name the system, else it is the one on this machine. --in needs a key with the
scope events:write, --out one with the scope operations, and with --feed products inventory:read, too. Replace the key
of --in only by one of the same client: under another one, messages that are read again are new orders.

Exit code 0: ended by SIGTERM or SIGINT, with the page at hand finished. 1: stopped, with the reason. 2: not understood.`
