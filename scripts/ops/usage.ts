export const USAGE = `npm run ops -- COMMAND

  keys create --client NAME --scopes SCOPE,SCOPE      an API key for a client; it is shown once
  keys list                                           all keys, newest first, without their secrets
  keys revoke ID                                      refused everywhere within half a minute

  dead-letters list [--status STATUS] [--queue QUEUE] open ones, unless the status is redriven, discarded or all
  dead-letters redrive ID...                          send these again
  dead-letters redrive --queue QUEUE                  send the hundred oldest open ones of an inbox again
  dead-letters discard ID --reason WHY                put one away for good

  rebuild orders                                      fill the list of orders anew from where orders are kept

  --url ADDRESS   which system; else EDGE_ORDERS_URL, else the one on this machine
  --key KEY       a key with the scope operations; else EDGE_ORDERS_KEY, else, on this machine, the one in .dev.vars
  --json          answers as JSON, for programs

Exit code 0: done. 1: refused or not reached. 2: not understood.`

/** The command line cannot be understood: what is wrong with it. */
export class UsageError extends Error {}
