export const USAGE = `npm run ops -- COMMAND

  keys create --client NAME --scopes SCOPE,SCOPE      make an API key for a client; it is shown once
  keys list                                           list all keys, newest first, without their secrets
  keys revoke ID [--no-cascade]                       refuse the key, and every key that it made, within half a minute;
                                                      disable their webhooks

  dead-letters list [--status STATUS] [--queue QUEUE] list open ones; a STATUS is redriven, discarded or all
  dead-letters redrive ID...                          send these again
  dead-letters redrive --queue QUEUE                  send the hundred oldest open ones of an inbox again
  dead-letters discard ID --reason WHY                discard one for good

  rebuild orders                                      fill the list of orders again from the partitions

  --url ADDRESS   the system to call; else EDGE_ORDERS_URL, else the system on this machine
  --key -         a key with the scope operations, from standard input; better than --key KEY, which shows it to
                  every user who lists processes. Else EDGE_ORDERS_KEY, else, on this machine, the key in .dev.vars
  --allow-http    send the key in plain text to an http:// address of another machine
  --json          print the response as JSON, for programs

Exit code 0: done. 1: refused or not reached. 2: not understood.`

/** The command line has a mistake, which the message names. */
export class UsageError extends Error {}
