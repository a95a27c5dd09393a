package io.carillon.quartz.store;

import io.carillon.db.TestDatabase;
import java.time.Instant;
import java.util.List;
import org.quartz.Trigger.CompletedExecutionInstruction;
import org.quartz.impl.jdbcjobstore.JobStoreSupport;
import org.quartz.spi.OperableTrigger;
import org.quartz.spi.TriggerFiredBundle;

/**
 * A store under the contract, as Quartz's scheduler sees it: stock Quartz's, or ours. Each has a
 * schema of its own.
 */
interface Side extends AutoCloseable {
  /** One of each, opened; JUnit closes them after a class's cases. */
  static List<Side> both() {
    return List.of(new StockSide(), new OurSide());
  }

  JobStoreSupport store();

  TestDatabase database();

  /** SCHED_NAME of this side's rows. */
  String scheduler();

  /**
   * Acquires due triggers, waiting for the first for some seconds at most.
   *
   * @param most at most so many
   */
  List<OperableTrigger> acquire(int most);

  /** Whether a look at what is due finds nothing. */
  boolean findsNothingDue();

  /** Fires acquired triggers; those that must not fire any more are left out. */
  List<TriggerFiredBundle> fire(List<OperableTrigger> acquired);

  /** Says that the job of a firing has ended, and waits until that is stored. */
  void complete(TriggerFiredBundle fired, CompletedExecutionInstruction instruction);

  /** Lets the node die that has fired what runs now, and another one take over. */
  void dieAndRecover();

  /** Takes away every row, so that the next case starts afresh. */
  void clear();

  /** When a firing was planned for, by what the side itself says. */
  default Instant plannedFor(TriggerFiredBundle fired) {
    return fired.getScheduledFireTime().toInstant();
  }

  @Override
  void close();
}
