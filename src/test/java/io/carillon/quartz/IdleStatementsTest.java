package io.carillon.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.db.Sql;
import io.carillon.job.RetryPolicy;
import io.carillon.job.Schedule;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node asks of the database while there is nothing for it to fire, counted by the server.
 */
class IdleStatementsTest {
  private static final Logger LOG = LoggerFactory.getLogger(IdleStatementsTest.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Statements a second of a node that has nothing to do. */
  private static final double IDLE = 60;

  private final CountedStatements counted = new CountedStatements();
  @AutoClose private final EngineRig rig = new EngineRig();

  @Test
  void what_another_node_is_firing_is_not_asked_for_a_thousand_times() throws SQLException {
    rig.pool = counted::over;
    Engine engine = rig.start();
    Schedule later = Samples.in(Duration.ofHours(1));
    engine
        .jobs()
        .createAll(
            Stream.generate(() -> Samples.job(Samples.newId(), later, RetryPolicy.none()))
                .limit(20)
                .toList(),
            true);
    rig.update("UPDATE QRTZ_TRIGGERS SET NEXT_FIRE_TIME = ?", System.currentTimeMillis() + 2_000);
    try (Connection other = rig.database.dataSource().getConnection()) {
      other.setAutoCommit(false);
      Sql.query(other, "SELECT TRIGGER_NAME FROM QRTZ_TRIGGERS FOR UPDATE", row -> 1);
      counted.forget();
      long begun = System.nanoTime();
      // Asked now and then, because the server ends a transaction that is idle.
      await()
          .pollInterval(Duration.ofMillis(200))
          .until(
              () -> {
                Sql.query(other, "SELECT 1", row -> 1);
                return System.nanoTime() - begun > Duration.ofSeconds(4).toNanos();
              });

      List<Long> vain = counted.transactionsOf("QuartzSchedulerThread");

      LOG.info("{} transactions while another has what is due, of {}", vain.size(), vain);
      assertThat(vain).hasSizeBetween(10, 200);
      assertThat(rig.target.arrivals()).isEmpty();
      other.rollback();
    }
    await().atMost(PATIENCE).until(() -> rig.target.arrivals().size() == 20);
  }

  @Test
  void thousands_of_held_runs_cost_an_idle_node_nothing() {
    CountDownLatch end = new CountDownLatch(1);
    rig.target.before(() -> hold(end));
    Engine engine = rig.start();
    engine.queues().put("default", LimitsRig.QUEUE, LimitsRig.cap(1), null, OptionalLong.empty());
    for (int n = 0; n < 6; n++) {
      engine.jobs().createAll(LimitsRig.jobs(500), true);
    }
    await()
        .atMost(PATIENCE)
        .until(() -> rig.one("SELECT COUNT(*) FROM held").equals("2999") && engine.inFlight() == 1);

    double rate = idleRate();

    end.countDown();
    LOG.info("A node that holds thousands: {} statements a second", rate);
    assertThat(rate).isLessThanOrEqualTo(IDLE);
  }

  @Test
  void an_idle_node_asks_the_database_sixty_times_a_second_at_most() {
    rig.start();

    double rate = idleRate();

    LOG.info("An idle node: {} statements a second", rate);
    assertThat(rate).isLessThanOrEqualTo(IDLE);
  }

  private double idleRate() {
    await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
    long before = questions();
    long begun = System.nanoTime();
    await().pollDelay(Duration.ofSeconds(6)).until(() -> true);
    double seconds = (System.nanoTime() - begun) / 1e9;
    return (questions() - before) / seconds;
  }

  private static void hold(CountDownLatch end) {
    try {
      end.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long questions() {
    return rig.query("SHOW GLOBAL STATUS LIKE 'Questions'", row -> row.getLong("Value")).get(0);
  }
}
