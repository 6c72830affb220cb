export const USAGE = `npm run ops -- COMMAND

  keys create --client NAME --scopes SCOPE,SCOPE      an API key for a client; it is shown once
  keys list                                           all keys, newest first, without their secrets
  keys revoke ID [--no-cascade]                       refused everywhere within half a minute, with the keys that it
                                                      made; webhooks of all of them are disabled

  dead-letters list [--status STATUS] [--queue QUEUE] open ones, unless the status is redriven, discarded or all
  dead-letters redrive ID...                          send these again
  dead-letters redrive --queue QUEUE                  send the hundred oldest open ones of an inbox again
  dead-letters discard ID --reason WHY                put one away for good

  rebuild orders                                      fill the list of orders anew from where orders are kept

  --url ADDRESS   which system; else EDGE_ORDERS_URL, else the one on this machine
  --key -         a key with the scope operations, from standard input; better than --key KEY, which shows it to everybody
                  who lists processes. Else EDGE_ORDERS_KEY, else, on this machine, the one in .dev.vars
  --allow-http    sends the key in plain text to an http:// address of another machine
  --json          answers as JSON, for programs

Exit code 0: done. 1: refused or not reached. 2: not understood.`

/** The command line cannot be understood: what is wrong with it. */
export class UsageError extends Error {}
