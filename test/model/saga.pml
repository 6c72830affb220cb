/*
 * The saga of one order: two products in two stock partitions, one payment, one bank. README.md lists what
 * the model leaves out, and which process is which file of the code.
 *
 * A `d_step` is one turn: of a partition (one commit), of the bank, or of a queue. A process takes a message and does
 * its first turn with it in one step: a taken message without effect equals a message in the inbox.
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

/* Room for one of each message. Once faults have stopped a queue holds fewer messages and refuses more. */
#define INBOX_MAX 10
#define CALM_INBOX_MAX 3

/* A side at once: its responder does all its work for one event in one step and never fails. */
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

/* The bank returns errors only under the keys below this one. */
#define KEY_MAX 2

mtype = {
  OrderPlaced, OrderConfirmed, OrderRejected, OrderCancelled,
  StockReserved, StockRejected, StockCommitted, StockReleased,
  PaymentAuthorized, PaymentDeclined, PaymentCaptured, PaymentFailed, PaymentVoided, PaymentRefunded
}
/* Statuses of the order, its legs, the reservations and the payment. `none`: there is no such row yet. */
mtype = {
  none, pending, confirmed, rejected, cancelled,
  reserved, refused, committed, released,
  authorized, declined, captured, failed, voided, refunded
}
/*
 * Steps towards the goal (`give_back` is the goal `return`, which is a word of Promela's own);
 * directives; the bank's results (`BankResult` in the code).
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

/* ---- The stock partitions: one reservation each -------------------------------------------------------- */

mtype reservation[2] = none;

/* ---- The payment row ----------------------------------------------------------------------------------- */

mtype payment_status = none;
mtype goal = authorize;
bool has_refusal;
mtype refund_state = none;
mtype step = none;
byte step_key;
bool step_must_look_up;
bool step_is_leased;
/* The lease holder is to call the bank, and has not recorded a result. */
bool step_is_asked;
/* A call got no result: it may still be under way. */
bool step_is_unanswered;
/* The bank's books do not contain the step, and a call under way is awaited. */
bool step_awaits_arrival;

/* ---- The bank's own books ------------------------------------------------------------------------------ */

byte authorizations, captures, voids, refunds;
/* The key under which each was done; 0 while it was not. */
byte authorized_key, captured_key, voided_key, refunded_key;
/* The bank refuses these for good: it repeats the refusal. */
bool declines_authorization, refuses_capture;
/* A call that timed out and may yet reach the bank. Of two only the later counts: they have one key. */
mtype late_operation = none;
byte late_key;

/* ---- The invariants ------------------------------------------------------------------------------------ */

#define is_held(i) (reservation[i] == reserved || reservation[i] == committed)
#define nothing_held (!is_held(0) && !is_held(1))
#define all_committed (reservation[0] == committed && reservation[1] == committed)
#define money_taken (captures == 1 && refunds == 0 && voids == 0)
#define no_money_kept (authorizations == captures + voids && captures == refunds)

#define once_at_the_bank (authorizations <= 1 && captures <= 1 && voids <= 1 && refunds <= 1)
#define committed_only_if_confirmed ((reservation[0] != committed && reservation[1] != committed) || was_confirmed)
#define captured_only_if_confirmed (captures == 0 || was_confirmed)
#define confirmed_is_done (order_status == confirmed && all_committed && money_taken)
#define released_is_done ((order_status == rejected || order_status == cancelled) && nothing_held && no_money_kept)
#define settled_is_done (!is_settled || confirmed_is_done || released_is_done)

ltl invariants { [] (once_at_the_bank && committed_only_if_confirmed && captured_only_if_confirmed && settled_is_done) }

ltl decides_once {
  [] ((order_status == rejected -> [] (order_status == rejected)) &&
      (order_status == cancelled -> [] (order_status == cancelled)) &&
      (order_status == confirmed -> [] (order_status == confirmed || order_status == cancelled)))
}

ltl settles { <> [] is_settled }

inline check_invariants() {
  assert(once_at_the_bank);
  assert(committed_only_if_confirmed);
  assert(captured_only_if_confirmed);
  assert(settled_is_done)
}

/* ---- The queues ---------------------------------------------------------------------------------------- */

#define has_room(inbox) (!is_calm || len(inbox) < CALM_INBOX_MAX)

/*
 * `!!` keeps an inbox sorted: any message may come next (`??`), so its order has no meaning. A second copy of a message
 * in the same inbox would have no meaning either: a message that is taken and not removed comes again.
 */
inline publish(inbox, event) {
  if
  :: has_room(inbox) && !(inbox??[eval(event)]) -> inbox!!event
  :: !has_room(inbox) || inbox??[eval(event)] -> skip
  fi
}

/* Takes this event if it is there. A message that is not removed comes again, until the network loses it. */
#define TAKES(inbox, name, event) \
  :: is_calm && inbox??[name] -> inbox??name; event = name \
  :: !is_calm && inbox??[name] -> event = name

/* Loses all messages of an inbox, or none. */
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

#define inventory_status_of(report) \
  (report == StockReserved -> reserved : (report == StockRejected -> rejected : \
    (report == StockCommitted -> committed : released)))
#define payment_status_of(report) \
  (report == PaymentAuthorized -> authorized : (report == PaymentDeclined -> declined : \
    (report == PaymentCaptured -> captured : (report == PaymentFailed -> failed : \
      (report == PaymentVoided -> voided : refunded)))))

#define is_from_inventory(report) \
  (report == StockReserved || report == StockRejected || report == StockCommitted || report == StockReleased)

/* The leg cannot move to the status of this report: `INVENTORY_NEXT`, `PAYMENT_NEXT`. */
#define is_overtaken(report) \
  (is_from_inventory(report) -> \
    (inventory_rank(inventory_status_of(report)) <= inventory_rank(inventory_leg) || \
      (report == StockRejected && inventory_leg != pending)) : \
    (payment_rank(payment_status_of(report)) <= payment_rank(payment_leg) || \
      (report == PaymentDeclined && payment_leg != pending) || \
      ((report == PaymentVoided || report == PaymentFailed) && payment_leg == captured)))

/* A report that is overtaken when it is sent would change nothing, so it takes no room. */
inline publish_report(report) {
  if
  :: is_overtaken(report) -> skip
  :: else -> publish(order_inbox, report)
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

/* A new decision, published at once to the legs whose effect is outstanding. */
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
  check_invariants()
}

/* The order's next status once a leg has moved. */
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
  mtype report;
end_idle:
  do
  :: atomic {
      if
      TAKES(order_inbox, StockReserved, report)
      TAKES(order_inbox, StockRejected, report)
      TAKES(order_inbox, StockCommitted, report)
      TAKES(order_inbox, StockReleased, report)
      TAKES(order_inbox, PaymentAuthorized, report)
      TAKES(order_inbox, PaymentDeclined, report)
      TAKES(order_inbox, PaymentCaptured, report)
      TAKES(order_inbox, PaymentFailed, report)
      TAKES(order_inbox, PaymentVoided, report)
      TAKES(order_inbox, PaymentRefunded, report)
      fi;
      d_step {
        printf("order: takes %e\n", report);
        if
        :: is_overtaken(report) -> skip
        :: !is_overtaken(report) && is_from_inventory(report) ->
          inventory_leg = inventory_status_of(report);
          when_leg_moved()
        :: !is_overtaken(report) && !is_from_inventory(report) ->
          payment_leg = payment_status_of(report);
          when_leg_moved()
        fi;
        drop_overtaken();
        report = 0
      }
    }
  od
}

/* Publishes the outstanding event again, unless the inbox still holds it. */
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
  :: event == OrderPlaced && reservation[i] == none -> reservation[i] = (is_short -> refused : reserved)
#ifdef VOTE_RECOMPUTED
  :: event == OrderPlaced && reservation[i] == refused -> reservation[i] = (is_short -> refused : reserved)
#endif
  :: event == OrderConfirmed && reservation[i] == reserved -> reservation[i] = committed
#ifdef NO_STOCK_TOMBSTONE
  :: (event == OrderRejected || event == OrderCancelled) && is_held(i) -> reservation[i] = released
#else
  :: (event == OrderRejected || event == OrderCancelled) && (is_held(i) || reservation[i] == none) ->
    reservation[i] = released
#endif
  :: else -> skip
  fi;
  printf("inventory %d: %e at partition %d: %e\n", _pid, event, i, reservation[i]);
  check_invariants()
}

#define verdict(one, other) \
  ((one == refused || other == refused) -> rejected : \
    ((one == released || other == released) -> released : \
      ((one == committed && other == committed) -> committed : reserved)))

#ifdef HALF_RELEASED
#define must_compensate(one, other) (verdict(one, other) == rejected && one == reserved)
#else
/* Reservations that stand although another partition refused or released: `reservationsToCompensate`. */
#define must_compensate(one, other) \
  ((verdict(one, other) == rejected || verdict(one, other) == released) && (one == reserved || one == committed))
#endif

#define stock_report(one, other) \
  (verdict(one, other) == rejected -> StockRejected : (verdict(one, other) == released -> StockReleased : \
    (verdict(one, other) == committed -> StockCommitted : StockReserved)))

/* Stock is short or is not at the moment of the vote; another moment may differ. */
#define VOTES(event) \
  :: is_short = false \
  :: event == OrderPlaced -> is_short = true

inline call_partition(i, event) {
  apply(i, event);
  /* A confirmation without a reservation cannot come about: the code parks it. */
  assert(event != OrderConfirmed || reservation[i] != none);
  reply[i] = (reservation[i] == none -> released : reservation[i]);
  is_short = false
}

inline report_stock() {
  printf("inventory %d: reports %e\n", _pid, stock_report(reply[0], reply[1]));
  publish_report(stock_report(reply[0], reply[1]))
}

inline rest_inventory() {
  event = 0; reply[0] = 0; reply[1] = 0; at = 0
}

/*
 * One event at a time. Both partitions are called at once, so either may come first; a third call
 * compensates a reservation; then the report leaves. Between two turns anything may happen: another worker's turns, a
 * crash of this worker, a call to a partition that has crashed. The taken message is lost then.
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
          :: must_compensate(reply[0], reply[1]) -> at = 0
          :: must_compensate(reply[1], reply[0]) -> at = 1
          :: else -> report_stock(); rest_inventory()
          fi
#ifdef RELEASE_NOT_AWAITED
          ;
          if
          :: event != 0 -> report_stock()
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
          report_stock();
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

/* ---- The payment: src/payment/{responder,policy,steps}.ts, src/payment/partition/ ----------------------- */

#define goal_rank(target) (target == authorize -> 0 : (target == capture -> 1 : 2))

/* The payment's goal after an event: src/payment/policy.ts. */
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

inline towards(target) {
  if
  :: goal_rank(target) > goal_rank(goal) -> goal = target
  :: else -> skip
  fi
}

/* Moves towards the goal that need no call: src/payment/steps.ts, `prepare`. */
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

/* Leases the next step towards the goal before the directive is given: `begin`. */
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
  check_invariants()
}

/* A new key would be too early: a call under the old one may be under way. */
#ifdef NEW_KEY_AT_ONCE
#define must_wait_for_arrival false
#else
#define must_wait_for_arrival (step_is_unanswered && late_operation != none)
#endif

/* Records the bank's result: `recordResult`. */
inline record_result() {
  if
  :: step != operation || step_key != key -> skip
  :: else ->
    step_is_leased = false;
    if
    :: result == succeeded || result == found -> record_success()
    :: result == declined && operation == authorize -> payment_status = declined; forget_step()
    :: result == declined && operation == capture -> has_refusal = true; forget_step()
    :: result == declined && operation != authorize && operation != capture ->
      /* The bank refuses to give the money back: an operator has to act. Not part of this model. */
      assert(false)
    :: result == error -> step_must_look_up = true; step_is_asked = false
#ifdef ARRIVAL_JUDGED_AFTERWARDS
    :: result == nothing_yet && must_wait_for_arrival -> step_awaits_arrival = true; step_is_asked = false
    :: result == nothing_yet && !must_wait_for_arrival -> record_nothing()
#else
    :: result == nothing_yet -> step_awaits_arrival = true; step_is_asked = false
#endif
    :: result == nothing -> record_nothing()
    :: result == unknown && directive == call -> step_is_unanswered = true; step_is_asked = false
    :: result == unknown && directive == lookUp -> step_is_asked = false
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
 * The bank's books do not contain the step: it is tried under a new key, if it is still wanted. But not while a call
 * under the old key may be under way: `recordLookup`.
 */
inline record_nothing() {
  forget_step();
  prepare();
  if
  :: wanted_step == operation -> step = operation; step_key = key + 1
  :: else -> skip
  fi
}

/* The report on the payment's status; `none` only for a mutant. At rest it is not pending. */
#define payment_report \
  (payment_status == none -> PaymentVoided : \
    (payment_status == authorized -> PaymentAuthorized : (payment_status == declined -> PaymentDeclined : \
      (payment_status == captured -> PaymentCaptured : (payment_status == failed -> PaymentFailed : \
        (payment_status == voided -> PaymentVoided : PaymentRefunded))))))

inline rest_payment() {
  event = 0; directive = 0; operation = 0; key = 0; result = 0
}

/* After a turn of the partition: call the bank, report, or leave the message for later. */
inline follow_directive() {
  if
  :: directive == rest ->
    printf("payment %d: reports %e\n", _pid, payment_report);
    publish_report(payment_report);
    rest_payment()
  :: directive == wait && event != 0 -> publish(payment_inbox, event); rest_payment()
  :: directive == wait && event == 0 -> rest_payment()
  :: else ->
    event = 0;
    printf("payment %d: is to %e %e under key %d\n", _pid, directive, operation, key)
  fi
}

/* ---- The bank: src/payment/bank.ts, workers/payment/gateways/ -------------------------------------------- */

/* The bank decides at the first call. */
#define MAY_REFUSE \
  :: true \
  :: operation == authorize && authorized_key == 0 -> declines_authorization = true \
  :: operation == capture && captured_key == 0 -> refuses_capture = true

/* Performs an operation once, even if it is called twice under one key. */
inline perform() {
  result = succeeded;
  if
  :: late_operation == operation && late_key == key -> late_operation = none; late_key = 0
  :: else -> skip
  fi;
  if
  :: operation == authorize && declines_authorization -> result = declined
  :: operation == authorize && !declines_authorization && authorized_key != key ->
    authorizations++; authorized_key = key
  :: operation == capture && refuses_capture -> result = declined
  :: operation == capture && !refuses_capture && captured_key != key -> captures++; captured_key = key
  :: operation == void && voided_key != key -> voids++; voided_key = key
  :: operation == refund && refunded_key != key -> refunds++; refunded_key = key
  :: else -> skip
  fi;
  printf("bank: %e under key %d: %e\n", operation, key, result);
  check_invariants()
}

#define books_have \
  (operation == authorize -> authorized_key != 0 : (operation == capture -> captured_key != 0 : \
    (operation == void -> voided_key != 0 : refunded_key != 0)))

#define done_under_key \
  (operation == authorize -> authorized_key == key : (operation == capture -> captured_key == key : \
    (operation == void -> voided_key == key : refunded_key == key)))

/* The bank's result is recorded, and the next step begun, in one turn. */
inline ask_again() {
  record_result();
  printf("payment %d: records %e: %e\n", _pid, result, payment_status);
  result = 0;
  begin();
  follow_directive()
}

/* A call without a result may yet reach the bank. */
inline may_be_late() {
  if
  :: result == 0 && directive == call && !done_under_key -> late_operation = operation; late_key = key
  :: else -> skip
  fi
}

/* The lease of a crashed worker expires. */
inline lapse() {
  may_be_late();
  if
  :: step == operation && step_key == key -> step_is_leased = false
  :: else -> skip
  fi
}

/*
 * Begin, ask the bank, record, and so on until the payment is where the order wants it; then report. Between two
 * turns anything may happen: another worker's turns, or a crash of this one.
 */
proctype PaymentResponder() {
  mtype event, directive, operation, result;
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
        result == 0 && directive == call ->
        if
        MAY_REFUSE
        fi;
        d_step { perform() }
      }
    :: atomic { /* Time-out, done all the same: recorded as unknown, and begun again under the same key. */
        result == 0 && directive == call && payment_fails ->
        if
        MAY_REFUSE
        fi;
        d_step { perform(); result = unknown; ask_again() }
      }
    :: d_step { /* Time-out, not done so far. */
        result == 0 && directive != 0 && payment_fails -> may_be_late(); result = unknown; ask_again()
      }
    :: d_step {
        result == 0 && directive == call && payment_fails && key < KEY_MAX && !done_under_key -> result = error
      }
    :: d_step {
        result == 0 && directive == lookUp ->
        result = (books_have -> found : (must_wait_for_arrival -> nothing_yet : nothing))
      }
    :: d_step { result != 0 -> ask_again() }
    od
#ifdef PAYMENT_AT_ONCE
    }
#endif
  od
}

/*
 * The payment partition stops while it holds a successful authorization: the row still says that it is under way, and
 * its lease runs out. The row may be stored by then, so the model loses more than the partition does.
 */
#define may_lose_authorization \
  (payment_fails && payment_status == authorized && goal == authorize && step == none && !has_refusal)

proctype HeldAuthorization() {
end_idle:
  do
  :: d_step {
      may_lose_authorization ->
      printf("payment: its held authorization is lost\n");
      payment_status = pending;
      step = authorize;
      step_key = authorized_key;
      step_is_asked = true
    }
  od
}

/* A call under way to the bank arrives, or never does. The service sees no result. */
proctype LateCall() {
  mtype operation, result;
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
        operation = 0; key = 0; result = 0
      }
    }
  :: d_step { late_operation != none -> late_operation = none; late_key = 0 }
  od
}

/* ---- The network, and the end of all faults ------------------------------------------------------------- */

#ifndef NEVER_CALM
/*
 * Faults stop. Until now a lost message is one that was not taken yet, so this process decides which messages are lost:
 * any of them, or all, as when the order partition crashes, which can lose only its messages.
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

/* When nothing more can happen, the order is settled as the invariants say, and no message is left. */
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
    run HeldAuthorization();
#ifndef NEVER_CALM
    run Calm();
    run End();
#endif
    for (worker : 1 .. INVENTORY_WORKERS) { run InventoryResponder() }
    for (worker : 1 .. PAYMENT_WORKERS) { run PaymentResponder() }
    worker = 0
  }
}
