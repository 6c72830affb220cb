/*
 * The saga of one order: two products in two stock partitions, one payment, one bank. README.md says what is
 * modelled, what is not, and which process is which file of the code.
 *
 * A `d_step` is one turn: of a partition (one commit), of the bank, or of a queue. What takes a message does its first
 * turn with it: a message in hand that nothing was done about is as good as one in the inbox.
 *
 * Switches: NEVER_CALM (faults never stop), INVENTORY_AT_ONCE and PAYMENT_AT_ONCE (that side in one step, so that the
 * other can be searched to the end), INVENTORY_WORKERS and PAYMENT_WORKERS, LOSES_BY_INBOX (fewer ways to lose). All
 * others are mutants, of which each must be caught: `npm run model -- --mutants`.
 */

#ifndef INVENTORY_WORKERS
#define INVENTORY_WORKERS 1
#endif
#ifndef PAYMENT_WORKERS
#define PAYMENT_WORKERS 1
#endif

/* Room for one of each message, and what a queue takes once faults have stopped; the rest it refuses. */
#define INBOX_MAX 10
#define CALM_INBOX_MAX 3

/* A side at once: its responder does all it does for one event in one step and never fails. */
#ifdef INVENTORY_AT_ONCE
#define inventory_fails false
#else
#define inventory_fails (!is_calm)
#endif
#ifdef PAYMENT_AT_ONCE
#define payment_fails false
#else
#define payment_fails (!is_calm)
#endif

/* The bank answers with an error under the keys below this one. */
#define KEY_MAX 2

mtype = {
  OrderPlaced, OrderConfirmed, OrderRejected, OrderCancelled,
  StockReserved, StockRejected, StockCommitted, StockReleased,
  PaymentAuthorized, PaymentDeclined, PaymentCaptured, PaymentFailed, PaymentVoided, PaymentRefunded
}
/* Statuses of the order, its legs, the holds and the payment. `none`: there is no such row yet. */
mtype = {
  none, pending, confirmed, rejected, cancelled,
  reserved, refused, committed, released,
  authorized, declined, captured, failed, voided, refunded
}
/*
 * Steps towards the goal (`give_back` is the goal `return`, which is a word of Promela's own);
 * directives; the bank's answers.
 */
mtype = {
  authorize, capture, void, refund, give_back,
  call, lookUp, wait, rest,
  succeeded, error, unknown, found, nothing, nothing_yet
}

chan inventory_inbox = [INBOX_MAX] of { mtype };
chan payment_inbox = [INBOX_MAX] of { mtype };
chan order_inbox = [INBOX_MAX] of { mtype };

/* Until then messages are lost and duplicated, workers and partitions crash, and the bank errs and times out. */
#ifdef NEVER_CALM
#define is_calm false
#else
bool is_calm;
#endif

/* ---- The order row ------------------------------------------------------------------------------------- */

mtype order_status = pending;
mtype inventory_leg = pending;
mtype payment_leg = pending;
bool is_settled;
bool was_confirmed;

/* ---- The stock partitions: one hold each --------------------------------------------------------------- */

mtype hold[2] = none;

/* ---- The payment row ----------------------------------------------------------------------------------- */

mtype payment_status = none;
mtype goal = authorize;
bool has_refusal;
mtype refund_state = none;
mtype step = none;
byte step_key;
bool step_must_look_up;
bool step_is_leased;
/* Whoever has the step was told to call the bank, and has not recorded an answer. */
bool step_is_asked;
/* A call got no answer: it may still be on its way. */
bool step_is_unanswered;
/* The bank's books have nothing of the step, and what is on its way is waited for. */
bool step_awaits_arrival;

/* ---- The bank's own books ------------------------------------------------------------------------------ */

byte authorizations, captures, voids, refunds;
/* The key under which each was done; 0 while it was not. */
byte authorized_key, captured_key, voided_key, refunded_key;
/* What it has refused for good; it stays with that. */
bool declines_authorization, refuses_capture;
/* A call that timed out and may yet reach the bank. Of two only the later counts: they have one key. */
mtype late_operation = none;
byte late_key;

/* ---- The laws ------------------------------------------------------------------------------------------ */

#define is_held(i) (hold[i] == reserved || hold[i] == committed)
#define nothing_held (!is_held(0) && !is_held(1))
#define all_committed (hold[0] == committed && hold[1] == committed)
#define money_taken (captures == 1 && refunds == 0 && voids == 0)
#define no_money_kept (authorizations == captures + voids && captures == refunds)

#define once_at_the_bank (authorizations <= 1 && captures <= 1 && voids <= 1 && refunds <= 1)
#define committed_only_if_confirmed ((hold[0] != committed && hold[1] != committed) || was_confirmed)
#define captured_only_if_confirmed (captures == 0 || was_confirmed)
#define confirmed_is_done (order_status == confirmed && all_committed && money_taken)
#define let_go_is_done ((order_status == rejected || order_status == cancelled) && nothing_held && no_money_kept)
#define settled_is_done (!is_settled || confirmed_is_done || let_go_is_done)

ltl laws { [] (once_at_the_bank && committed_only_if_confirmed && captured_only_if_confirmed && settled_is_done) }

ltl decides_once {
  [] ((order_status == rejected -> [] (order_status == rejected)) &&
      (order_status == cancelled -> [] (order_status == cancelled)) &&
      (order_status == confirmed -> [] (order_status == confirmed || order_status == cancelled)))
}

ltl settles { <> [] is_settled }

inline obey() {
  assert(once_at_the_bank);
  assert(committed_only_if_confirmed);
  assert(captured_only_if_confirmed);
  assert(settled_is_done)
}

/* ---- The queues ---------------------------------------------------------------------------------------- */

#define has_room(inbox) (!is_calm || len(inbox) < CALM_INBOX_MAX)

/*
 * `!!` keeps an inbox sorted: as any message may come next (`??`), its order says nothing. A second copy of a
 * message in the same inbox would say nothing either: what is taken without being removed comes again.
 */
inline publish(inbox, event) {
  if
  :: has_room(inbox) && !(inbox??[eval(event)]) -> inbox!!event
  :: !has_room(inbox) || inbox??[eval(event)] -> skip
  fi
}

/* Takes this event if it is there. What is not removed comes again, until the network loses it. */
#define TAKES(inbox, name, event) \
  :: is_calm && inbox??[name] -> inbox??name; event = name \
  :: !is_calm && inbox??[name] -> event = name

/* All that an inbox holds, or nothing of it. */
#define LOSES_ALL(inbox) \
  if \
  :: true -> do \
    :: nempty(inbox) -> inbox?_ \
    :: empty(inbox) -> break \
    od \
  :: true \
  fi

#define LOSES(inbox, name) \
  if \
  :: inbox??[name] -> inbox??name; printf("lost: %e\n", name) \
  :: true \
  fi

/* ---- The order: src/order/saga.ts, src/order/partition/order-partition.ts ------------------------------------- */

#define inventory_ended (inventory_leg == rejected || inventory_leg == released)
#define payment_ended \
  (payment_leg == declined || payment_leg == voided || payment_leg == failed || payment_leg == refunded)
#define inventory_done \
  (order_status == pending -> inventory_leg != pending : \
    (order_status == confirmed -> inventory_leg == committed : inventory_ended))
#define payment_done \
  (order_status == pending -> payment_leg != pending : \
    (order_status == confirmed -> (payment_leg == captured || payment_leg == refunded) : payment_ended))

#define decision_event \
  (order_status == pending -> OrderPlaced : (order_status == confirmed -> OrderConfirmed : \
    (order_status == rejected -> OrderRejected : OrderCancelled)))

#define inventory_rank(leg) \
  (leg == pending -> 0 : (leg == reserved -> 1 : (leg == committed -> 2 : 3)))
#define payment_rank(leg) \
  (leg == pending -> 0 : (leg == authorized -> 1 : (leg == captured -> 2 : 3)))

#define inventory_reported(answer) \
  (answer == StockReserved -> reserved : (answer == StockRejected -> rejected : \
    (answer == StockCommitted -> committed : released)))
#define payment_reported(answer) \
  (answer == PaymentAuthorized -> authorized : (answer == PaymentDeclined -> declined : \
    (answer == PaymentCaptured -> captured : (answer == PaymentFailed -> failed : \
      (answer == PaymentVoided -> voided : refunded)))))

#define is_from_inventory(answer) \
  (answer == StockReserved || answer == StockRejected || answer == StockCommitted || answer == StockReleased)

/* The leg cannot move to where this answer says: `INVENTORY_NEXT`, `PAYMENT_NEXT`. */
#define is_overtaken(answer) \
  (is_from_inventory(answer) -> \
    (inventory_rank(inventory_reported(answer)) <= inventory_rank(inventory_leg) || \
      (answer == StockRejected && inventory_leg != pending)) : \
    (payment_rank(payment_reported(answer)) <= payment_rank(payment_leg) || \
      (answer == PaymentDeclined && payment_leg != pending) || \
      ((answer == PaymentVoided || answer == PaymentFailed) && payment_leg == captured)))

/* Taking an answer that is overtaken when it is sent changes nothing, so it takes no room. */
inline publish_answer(answer) {
  if
  :: is_overtaken(answer) -> skip
  :: else -> publish(order_inbox, answer)
  fi
}

#define DROPS(name, overtaken) \
  if \
  :: (overtaken) && order_inbox??[name] -> order_inbox??name \
  :: !((overtaken) && order_inbox??[name]) -> skip \
  fi

/* Taking them would change nothing, so they need no turn. */
inline drop_overtaken() {
  DROPS(StockReserved, is_overtaken(StockReserved));
  DROPS(StockRejected, is_overtaken(StockRejected));
  DROPS(StockCommitted, is_overtaken(StockCommitted));
  DROPS(StockReleased, is_overtaken(StockReleased));
  DROPS(PaymentAuthorized, is_overtaken(PaymentAuthorized));
  DROPS(PaymentDeclined, is_overtaken(PaymentDeclined));
  DROPS(PaymentCaptured, is_overtaken(PaymentCaptured));
  DROPS(PaymentFailed, is_overtaken(PaymentFailed));
  DROPS(PaymentVoided, is_overtaken(PaymentVoided));
  DROPS(PaymentRefunded, is_overtaken(PaymentRefunded))
}
/* A new decision, published at once to the legs that still owe its effect. */
inline become(decision) {
  assert(order_status == pending || (order_status == confirmed && decision == cancelled));
  order_status = decision;
  is_settled = false;
  if
  :: decision == confirmed -> was_confirmed = true
  :: else -> skip
  fi;
  printf("order: %e\n", order_status);
  publish_outstanding();
  settle()
}

inline publish_outstanding() {
  if
  :: !inventory_done -> publish(inventory_inbox, decision_event)
  :: else -> skip
  fi;
  if
  :: !payment_done -> publish(payment_inbox, decision_event)
  :: else -> skip
  fi
}

inline settle() {
  if
#ifdef SETTLE_ON_SEND
  :: order_status != pending && !is_settled ->
#else
  :: order_status != pending && !is_settled && inventory_done && payment_done ->
#endif
    is_settled = true;
    printf("order: settled as %e, inventory %e, payment %e\n", order_status, inventory_leg, payment_leg)
  :: else -> skip
  fi;
  obey()
}

/* What follows once a leg has moved. */
inline when_leg_moved() {
  if
  :: order_status == confirmed && (payment_leg == failed || payment_leg == voided) -> become(cancelled)
  :: order_status == pending && (inventory_ended || payment_ended) -> become(rejected)
  :: order_status == pending && !inventory_ended && !payment_ended && inventory_done && payment_done ->
    become(confirmed)
  :: else -> settle()
  fi
}

proctype OrderPartition() {
  mtype answer;
end_idle:
  do
  :: atomic {
      if
      TAKES(order_inbox, StockReserved, answer)
      TAKES(order_inbox, StockRejected, answer)
      TAKES(order_inbox, StockCommitted, answer)
      TAKES(order_inbox, StockReleased, answer)
      TAKES(order_inbox, PaymentAuthorized, answer)
      TAKES(order_inbox, PaymentDeclined, answer)
      TAKES(order_inbox, PaymentCaptured, answer)
      TAKES(order_inbox, PaymentFailed, answer)
      TAKES(order_inbox, PaymentVoided, answer)
      TAKES(order_inbox, PaymentRefunded, answer)
      fi;
      d_step {
        printf("order: takes %e\n", answer);
        if
        :: is_overtaken(answer) -> skip
        :: !is_overtaken(answer) && is_from_inventory(answer) ->
          inventory_leg = inventory_reported(answer);
          when_leg_moved()
        :: !is_overtaken(answer) && !is_from_inventory(answer) ->
          payment_leg = payment_reported(answer);
          when_leg_moved()
        fi;
        drop_overtaken();
        answer = 0
      }
    }
  od
}

/* Publishes what is outstanding again, unless the inbox still holds it. */
proctype Alarm() {
end_idle:
  do
#ifdef NO_RESEND
  :: false -> skip
#else
  :: d_step {
      (!inventory_done && has_room(inventory_inbox) && !(inventory_inbox??[eval(decision_event)])) ||
      (!payment_done && has_room(payment_inbox) && !(payment_inbox??[eval(decision_event)])) ->
      printf("alarm: publishes %e again\n", decision_event);
      publish_outstanding()
    }
#endif
  od
}

/*
 * The client cancels once, at any time, or the deadline of a pending order passes, or neither: nothing may depend on
 * it. Of the two only one can take effect: a rejected order cannot be cancelled, a cancelled one is not pending.
 */
proctype Outside() {
  if
  :: d_step {
      order_status == pending || order_status == confirmed ->
      printf("client: cancels\n");
      become(cancelled)
    }
  :: d_step {
      order_status == pending ->
      printf("order: its deadline passes\n");
      become(rejected)
    }
  :: true
  fi
}

/* ---- The inventory: src/inventory/responder.ts, src/inventory/{stock,verdict}.ts --------------------- */

/* One command at one partition, which is one turn: src/inventory/stock.ts, `applyCommand`. */
inline apply(i, event) {
  if
  :: event == OrderPlaced && hold[i] == none -> hold[i] = (is_short -> refused : reserved)
#ifdef VOTE_RECOMPUTED
  :: event == OrderPlaced && hold[i] == refused -> hold[i] = (is_short -> refused : reserved)
#endif
  :: event == OrderConfirmed && hold[i] == reserved -> hold[i] = committed
#ifdef NO_STOCK_TOMBSTONE
  :: (event == OrderRejected || event == OrderCancelled) && is_held(i) -> hold[i] = released
#else
  :: (event == OrderRejected || event == OrderCancelled) && (is_held(i) || hold[i] == none) -> hold[i] = released
#endif
  :: else -> skip
  fi;
  printf("inventory %d: %e at partition %d: %e\n", _pid, event, i, hold[i]);
  obey()
}

#define verdict(one, other) \
  ((one == refused || other == refused) -> rejected : \
    ((one == released || other == released) -> released : \
      ((one == committed && other == committed) -> committed : reserved)))

#ifdef HALF_RELEASED
#define must_let_go(one, other) (verdict(one, other) == rejected && one == reserved)
#else
/* Holds that stand although another partition refused or let go. */
#define must_let_go(one, other) \
  ((verdict(one, other) == rejected || verdict(one, other) == released) && (one == reserved || one == committed))
#endif

#define stock_answer(one, other) \
  (verdict(one, other) == rejected -> StockRejected : (verdict(one, other) == released -> StockReleased : \
    (verdict(one, other) == committed -> StockCommitted : StockReserved)))

/* Stock is short or is not: at the moment of the vote, whatever it is at another. */
#define VOTES(event) \
  :: is_short = false \
  :: event == OrderPlaced -> is_short = true

inline call_partition(i, event) {
  apply(i, event);
  /* A confirmation without a reservation cannot come about: the code parks it. */
  assert(event != OrderConfirmed || hold[i] != none);
  reply[i] = (hold[i] == none -> released : hold[i]);
  is_short = false
}

inline answer_stock() {
  printf("inventory %d: answers %e\n", _pid, stock_answer(reply[0], reply[1]));
  publish_answer(stock_answer(reply[0], reply[1]))
}

inline rest_inventory() {
  event = 0; reply[0] = 0; reply[1] = 0; at = 0
}

/*
 * One event at a time. Both partitions are called at once, so either may come first; a third call lets go what
 * stands in vain; then the answer leaves. Between two turns anything may happen: another worker's turns, a crash of
 * this worker, a call to a partition that has crashed. What was in hand is lost then.
 */
proctype InventoryResponder() {
  mtype event;
  mtype reply[2];
  bit at;
  bool is_short;
end_idle:
  do
  :: atomic {
      if
      TAKES(inventory_inbox, OrderPlaced, event)
      TAKES(inventory_inbox, OrderConfirmed, event)
      TAKES(inventory_inbox, OrderRejected, event)
      TAKES(inventory_inbox, OrderCancelled, event)
      fi;
      if
      :: at = 0
      :: at = 1
      fi;
      if
      VOTES(event)
      fi;
      d_step { call_partition(at, event) }
#ifndef INVENTORY_AT_ONCE
    }
#endif
    if
    :: d_step { inventory_fails -> printf("inventory %d: crashes\n", _pid); rest_inventory() }
    :: atomic {
        if
        VOTES(event)
        fi;
        d_step {
          call_partition(1 - at, event);
          if
          :: must_let_go(reply[0], reply[1]) -> at = 0
          :: must_let_go(reply[1], reply[0]) -> at = 1
          :: else -> answer_stock(); rest_inventory()
          fi
#ifdef RELEASE_NOT_AWAITED
          ;
          if
          :: event != 0 -> answer_stock()
          :: else -> skip
          fi
#endif
        }
      }
      if
      :: event == 0 -> skip
      :: d_step { event != 0 && inventory_fails -> printf("inventory %d: crashes\n", _pid); rest_inventory() }
      :: d_step {
          event != 0 ->
          call_partition(at, OrderRejected);
#ifndef RELEASE_NOT_AWAITED
          answer_stock();
#endif
          rest_inventory()
        }
      fi
    fi
#ifdef INVENTORY_AT_ONCE
    }
#endif
  od
}

/* ---- The payment: workers/payment/{responder,payment-partition}.ts, src/payment/{policy,steps}.ts -------- */

#define goal_rank(wish) (wish == authorize -> 0 : (wish == capture -> 1 : 2))

/* What an event means to the payment: src/payment/policy.ts. */
inline when_event(event) {
  if
  :: event == OrderPlaced && payment_status == none -> payment_status = pending
  :: event == OrderConfirmed -> assert(payment_status != none); towards(capture)
#ifdef NO_PAYMENT_TOMBSTONE
  :: (event == OrderRejected || event == OrderCancelled) && payment_status != none -> towards(give_back)
#else
  :: event == OrderRejected || event == OrderCancelled ->
    if
    :: payment_status == none -> payment_status = pending
    :: else -> skip
    fi;
    towards(give_back)
#endif
  :: else -> skip
  fi
}

inline towards(wish) {
  if
  :: goal_rank(wish) > goal_rank(goal) -> goal = wish
  :: else -> skip
  fi
}

/* What follows from the goal without a call: src/payment/steps.ts, `prepare`. */
inline prepare() {
  if
#ifdef UNRECORDED_IS_NOT_DONE
  :: goal == give_back && payment_status == pending -> payment_status = voided; forget_step()
#else
  :: goal == give_back && step == none && payment_status == pending -> payment_status = voided
#endif
  :: goal == give_back && step == none && payment_status == captured && refund_state == none ->
    refund_state = pending
  :: else -> skip
  fi
}

#define wanted_step \
  (payment_status == pending -> (goal == give_back -> none : authorize) : \
    (payment_status == authorized -> ((goal == give_back || has_refusal) -> void : \
      (goal == capture -> capture : none)) : \
      (refund_state == pending -> refund : none)))

inline forget_step() {
  step = none; step_key = 0; step_must_look_up = false; step_is_leased = false;
  step_is_asked = false; step_is_unanswered = false; step_awaits_arrival = false
}

/* The pause after which a call has arrived or never will (`ON_ITS_WAY_MS`) is not over. */
#define may_still_arrive (step_awaits_arrival && late_operation != none)

#ifdef NO_LEASE
#define is_busy may_still_arrive
#else
#define is_busy (step_is_leased || may_still_arrive)
#endif

/* Leases the next step towards the goal before it is said: `begin`. */
inline begin() {
  prepare();
  if
  :: is_busy -> directive = wait
  :: !is_busy && step == none && wanted_step == none -> directive = rest
  :: !is_busy && !(step == none && wanted_step == none) ->
    if
    :: step == none -> step = wanted_step; step_key = 1
#ifdef SECOND_KEY
    :: step != none && !step_must_look_up && step_key < KEY_MAX -> step_key = step_key + 1
    :: step != none && !(!step_must_look_up && step_key < KEY_MAX) -> skip
#else
    :: step != none && step_is_asked -> step_is_unanswered = true
    :: step != none && !step_is_asked -> skip
#endif
    fi;
    step_awaits_arrival = false;
    step_is_leased = true;
    step_is_asked = !step_must_look_up;
    directive = (step_must_look_up -> lookUp : call);
    operation = step;
    key = step_key
  fi;
  obey()
}

/* A new key would be too early: a call under the old one may be on its way. */
#ifdef NEW_KEY_AT_ONCE
#define must_wait_for_arrival false
#else
#define must_wait_for_arrival (step_is_unanswered && late_operation != none)
#endif

/* Takes in what the bank said: `recordAnswer`. */
inline record_answer() {
  if
  :: step != operation || step_key != key -> skip
  :: else ->
    step_is_leased = false;
    if
    :: answer == succeeded || answer == found -> record_success()
    :: answer == declined && operation == authorize -> payment_status = declined; forget_step()
    :: answer == declined && operation == capture -> has_refusal = true; forget_step()
    :: answer == declined && operation != authorize && operation != capture ->
      /* The bank refuses to give back: a person has to look. Not part of this model. */
      assert(false)
    :: answer == error -> step_must_look_up = true; step_is_asked = false
#ifdef ARRIVAL_JUDGED_AFTERWARDS
    :: answer == nothing_yet && must_wait_for_arrival -> step_awaits_arrival = true; step_is_asked = false
    :: answer == nothing_yet && !must_wait_for_arrival -> record_nothing()
#else
    :: answer == nothing_yet -> step_awaits_arrival = true; step_is_asked = false
#endif
    :: answer == nothing -> record_nothing()
    :: answer == unknown && directive == call -> step_is_unanswered = true; step_is_asked = false
    :: answer == unknown && directive == lookUp -> step_is_asked = false
    fi
  fi
}

inline record_success() {
  if
  :: operation == authorize -> payment_status = authorized
  :: operation == capture -> payment_status = captured
  :: operation == void -> payment_status = (has_refusal -> failed : voided)
  :: operation == refund -> payment_status = refunded; refund_state = succeeded
  fi;
  forget_step()
}

/*
 * The bank's books have nothing of the step: it is tried under a new key, if it is still wanted. But not while a call
 * under the old one may be on its way: `recordLookup`.
 */
inline record_nothing() {
  forget_step();
  prepare();
  if
  :: wanted_step == operation -> step = operation; step_key = key + 1
  :: else -> skip
  fi
}

/* The payment as it stands; `none` only for a mutant. At rest it is not pending. */
#define payment_answer \
  (payment_status == none -> PaymentVoided : \
    (payment_status == authorized -> PaymentAuthorized : (payment_status == declined -> PaymentDeclined : \
      (payment_status == captured -> PaymentCaptured : (payment_status == failed -> PaymentFailed : \
        (payment_status == voided -> PaymentVoided : PaymentRefunded))))))

inline rest_payment() {
  event = 0; directive = 0; operation = 0; key = 0; answer = 0
}

/* After a turn of the partition: ask the bank, answer, or leave the message for later. */
inline follow_directive() {
  if
  :: directive == rest ->
    printf("payment %d: answers %e\n", _pid, payment_answer);
    publish_answer(payment_answer);
    rest_payment()
  :: directive == wait && event != 0 -> publish(payment_inbox, event); rest_payment()
  :: directive == wait && event == 0 -> rest_payment()
  :: else ->
    event = 0;
    printf("payment %d: is to %e %e under key %d\n", _pid, directive, operation, key)
  fi
}

/* ---- The bank: src/payment/bank.ts, workers/payment/gateways/ -------------------------------------------- */

/* It decides when it is first asked. */
#define MAY_REFUSE \
  :: true \
  :: operation == authorize && authorized_key == 0 -> declines_authorization = true \
  :: operation == capture && captured_key == 0 -> refuses_capture = true

/* Does once what it is asked twice under one key. */
inline perform() {
  answer = succeeded;
  if
  :: late_operation == operation && late_key == key -> late_operation = none; late_key = 0
  :: else -> skip
  fi;
  if
  :: operation == authorize && declines_authorization -> answer = declined
  :: operation == authorize && !declines_authorization && authorized_key != key ->
    authorizations++; authorized_key = key
  :: operation == capture && refuses_capture -> answer = declined
  :: operation == capture && !refuses_capture && captured_key != key -> captures++; captured_key = key
  :: operation == void && voided_key != key -> voids++; voided_key = key
  :: operation == refund && refunded_key != key -> refunds++; refunded_key = key
  :: else -> skip
  fi;
  printf("bank: %e under key %d: %e\n", operation, key, answer);
  obey()
}

#define books_have \
  (operation == authorize -> authorized_key != 0 : (operation == capture -> captured_key != 0 : \
    (operation == void -> voided_key != 0 : refunded_key != 0)))

#define done_under_key \
  (operation == authorize -> authorized_key == key : (operation == capture -> captured_key == key : \
    (operation == void -> voided_key == key : refunded_key == key)))

/* What the bank said is recorded, and the next step begun, in one turn. */
inline ask_again() {
  record_answer();
  printf("payment %d: records %e: %e\n", _pid, answer, payment_status);
  answer = 0;
  begin();
  follow_directive()
}

/* A call without an answer may yet reach the bank. */
inline may_be_late() {
  if
  :: answer == 0 && directive == call && !done_under_key -> late_operation = operation; late_key = key
  :: else -> skip
  fi
}

/* The lease of a worker that is gone runs out. */
inline lapse() {
  may_be_late();
  if
  :: step == operation && step_key == key -> step_is_leased = false
  :: else -> skip
  fi
}

/*
 * Begin, ask the bank, record, and so on until the payment is where the order wants it; then answer. Between two
 * turns anything may happen: another worker's turns, or a crash of this one.
 */
proctype PaymentResponder() {
  mtype event, directive, operation, answer;
  byte key;
end_idle:
  do
  :: atomic {
      if
      TAKES(payment_inbox, OrderPlaced, event)
      TAKES(payment_inbox, OrderConfirmed, event)
      TAKES(payment_inbox, OrderRejected, event)
      TAKES(payment_inbox, OrderCancelled, event)
      fi;
      d_step {
        when_event(event);
        begin();
        printf("payment %d: takes %e: %e, goal %e\n", _pid, event, payment_status, goal);
        follow_directive()
      }
#ifndef PAYMENT_AT_ONCE
    }
#endif
    do
    :: directive == 0 -> break
    :: d_step { directive != 0 && payment_fails -> lapse(); printf("payment %d: crashes\n", _pid); rest_payment() }
    :: atomic {
        answer == 0 && directive == call ->
        if
        MAY_REFUSE
        fi;
        d_step { perform() }
      }
    :: atomic { /* Time-out, done all the same: recorded as unknown, and begun again under the same key. */
        answer == 0 && directive == call && payment_fails ->
        if
        MAY_REFUSE
        fi;
        d_step { perform(); answer = unknown; ask_again() }
      }
    :: d_step { /* Time-out, not done so far. */
        answer == 0 && directive != 0 && payment_fails -> may_be_late(); answer = unknown; ask_again()
      }
    :: d_step {
        answer == 0 && directive == call && payment_fails && key < KEY_MAX && !done_under_key -> answer = error
      }
    :: d_step {
        answer == 0 && directive == lookUp ->
        answer = (books_have -> found : (must_wait_for_arrival -> nothing_yet : nothing))
      }
    :: d_step { answer != 0 -> ask_again() }
    od
#ifdef PAYMENT_AT_ONCE
    }
#endif
  od
}

/* What was on its way to the bank arrives, or never does. Nobody hears of it. */
proctype LateCall() {
  mtype operation, answer;
  byte key;
end_idle:
  do
  :: atomic {
      late_operation != none ->
      operation = late_operation;
      key = late_key;
      if
      MAY_REFUSE
      fi;
      d_step {
        printf("bank: a late call arrives\n");
        perform();
        operation = 0; key = 0; answer = 0
      }
    }
  :: d_step { late_operation != none -> late_operation = none; late_key = 0 }
  od
}

/* ---- The network, and the end of all faults ------------------------------------------------------------- */

#ifndef NEVER_CALM
/*
 * Faults stop. Until now a message that was lost is one that was not taken yet, so this is the moment to say which
 * ones are: any, or all of them, as when the order partition crashes, which has nothing to lose but its messages.
 */
proctype Calm() {
  atomic {
#ifdef LOSES_BY_INBOX
    LOSES_ALL(inventory_inbox);
    LOSES_ALL(payment_inbox);
    LOSES_ALL(order_inbox);
#else
    LOSES(inventory_inbox, OrderPlaced);
    LOSES(inventory_inbox, OrderConfirmed);
    LOSES(inventory_inbox, OrderRejected);
    LOSES(inventory_inbox, OrderCancelled);
    LOSES(payment_inbox, OrderPlaced);
    LOSES(payment_inbox, OrderConfirmed);
    LOSES(payment_inbox, OrderRejected);
    LOSES(payment_inbox, OrderCancelled);
    LOSES(order_inbox, StockReserved);
    LOSES(order_inbox, StockRejected);
    LOSES(order_inbox, StockCommitted);
    LOSES(order_inbox, StockReleased);
    LOSES(order_inbox, PaymentAuthorized);
    LOSES(order_inbox, PaymentDeclined);
    LOSES(order_inbox, PaymentCaptured);
    LOSES(order_inbox, PaymentFailed);
    LOSES(order_inbox, PaymentVoided);
    LOSES(order_inbox, PaymentRefunded);
#endif
    is_calm = true;
    printf("from now on nothing fails\n")
  }
}

/* When nothing more can happen, the order is settled as its laws say, and no message is left. */
proctype End() {
end_idle:
  timeout ->
  assert(is_settled && settled_is_done);
  assert((order_status == confirmed) == (all_committed && money_taken))
}

#endif

/* ---- Placing -------------------------------------------------------------------------------------------- */

init {
  byte worker;
  atomic {
    publish_outstanding();
    run OrderPartition();
    run Alarm();
    run Outside();
    run LateCall();
#ifndef NEVER_CALM
    run Calm();
    run End();
#endif
    for (worker : 1 .. INVENTORY_WORKERS) { run InventoryResponder() }
    for (worker : 1 .. PAYMENT_WORKERS) { run PaymentResponder() }
    worker = 0
  }
}
