package io.carillon.quartz.store;

import java.text.ParseException;
import java.time.ZoneId;
import java.util.Date;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.ConcurrentHashMap;
import org.quartz.CronExpression;

/**
 * When a trigger fires next, by Quartz's own arithmetic but with a zone that is checked: Quartz
 * reads an unknown zone as GMT without a word. Parsed expressions are kept (parsing costs tens of
 * microseconds), up to a bound. Thread-safe.
 */
final class NextFire {
  private static final int MOST_KEPT = 10_000;
  private static final long NEVER = -1;

  private final Map<TriggerRow.Cron, CronExpression> kept = new ConcurrentHashMap<>();

  /** A row that says nothing one could compute with. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }
  }

  /** The trigger after firing at its present next fire time: moved on, or with nothing left. */
  TriggerRow afterFiring(TriggerRow row) throws Unreadable {
    long fired = row.nextFireTime();
    TriggerRow.Kind kind = row.kind();
    if (kind instanceof TriggerRow.Simple simple) {
      TriggerRow.Simple counted =
          new TriggerRow.Simple(
              simple.repeatCount(), simple.interval(), simple.timesTriggered() + 1);
      boolean more =
          simple.repeatCount() == TriggerRow.FOR_EVER
              || counted.timesTriggered() <= simple.repeatCount();
      long next = more && simple.interval() > 0 ? fired + simple.interval() : NEVER;
      return row.after(fired, withinEnd(row, next), counted);
    }
    if (kind instanceof TriggerRow.Cron cron) {
      return row.after(fired, withinEnd(row, cronAfter(cron, fired)), cron);
    }
    if (kind instanceof TriggerRow.Own) {
      throw new Unreadable("only its job's schedule tells what is next");
    }
    throw new Unreadable("its sub-row is missing");
  }

  /** Throws if the row says nothing one could go by. */
  void check(TriggerRow row) throws Unreadable {
    if (!(row.kind() instanceof TriggerRow.Own own)) {
      afterFiring(row);
    } else if (own.planned() <= 0) {
      throw new Unreadable("its sub-row has no planned instant");
    }
  }

  /** The first instant of a trigger strictly after the given one, or -1. */
  long firstAfter(TriggerRow row, long instant) throws Unreadable {
    TriggerRow.Kind kind = row.kind();
    if (kind instanceof TriggerRow.Cron cron) {
      return withinEnd(row, cronAfter(cron, Math.max(instant, row.startTime() - 1)));
    }
    if (kind instanceof TriggerRow.Simple simple) {
      long next = row.nextFireTime();
      if (next > instant || simple.interval() <= 0) {
        return next;
      }
      long steps = (instant - next) / simple.interval() + 1;
      return withinEnd(row, next + steps * simple.interval());
    }
    throw new Unreadable("its sub-row is missing");
  }

  private long cronAfter(TriggerRow.Cron cron, long instant) throws Unreadable {
    CronExpression expression = kept.get(cron);
    if (expression == null) {
      expression = parse(cron);
      if (kept.size() < MOST_KEPT) {
        kept.put(cron, expression);
      }
    }
    try {
      Date next = expression.getNextValidTimeAfter(new Date(instant));
      return next == null ? NEVER : next.getTime();
    } catch (RuntimeException e) {
      throw new Unreadable("its next time cannot be computed: " + e);
    }
  }

  private static CronExpression parse(TriggerRow.Cron cron) throws Unreadable {
    try {
      CronExpression expression = new CronExpression(cron.expression());
      expression.setTimeZone(TimeZone.getTimeZone(ZoneId.of(cron.zone(), ZoneId.SHORT_IDS)));
      return expression;
    } catch (ParseException | RuntimeException e) {
      throw new Unreadable("its cron text or zone cannot be read: " + e.getMessage());
    }
  }

  private static long withinEnd(TriggerRow row, long next) {
    return row.endTime() > 0 && next > row.endTime() ? NEVER : next;
  }
}
