package io.carillon.quartz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.execution.Reasons;
import io.carillon.job.JobId;
import io.carillon.job.RetryPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Attempts that were fired and are not begun, because the breaker of their host has opened. */
class UnbegunTest {
  private static final Outcome HELD = Outcome.Failed.of(Reasons.CIRCUIT_OPEN, "not begun");
  private static final Outcome FAILED = new Outcome.Failed("HTTP_503", "503", 503, null, null);
  private static final Outcome OK = new Outcome.Succeeded(200, null);

  @AutoClose private final EngineRig rig = new EngineRig();
  private final Map<JobId, Integer> calls = new ConcurrentHashMap<>();

  /** Answers the calls of a job in turn. */
  private void answers(Outcome... inTurn) {
    rig.target.answers(firing -> inTurn[calls.merge(firing.job().id(), 1, Integer::sum) - 1]);
  }

  private JobId create() {
    JobId id = Samples.newId();
    RetryPolicy retry = RetryPolicy.fixed(3, Duration.ofSeconds(1));
    rig.start().jobs().create(Samples.job(id, Samples.now(), retry));
    return id;
  }

  private int attempts() {
    return rig.query("SELECT n FROM attempt", row -> row.getInt(1)).size();
  }

  @Test
  void the_same_attempt_is_made_later_and_nothing_is_noted_of_it() {
    answers(HELD, HELD, OK);
    JobId id = create();

    await().atMost(Samples.PATIENCE).until(() -> rig.executionOf(id).equals("SUCCEEDED 1"));

    assertThat(rig.target.arrivalsOf(id)).extracting(Firing::attempt).containsExactly(1, 1, 1);
    assertThat(rig.target.arrivalsOf(id)).extracting(Firing::recovered).containsOnly(false);
    assertThat(attempts()).isZero();
    assertThat(rig.one("SELECT uncounted FROM execution")).isEqualTo("0");
    await().atMost(Samples.PATIENCE).until(() -> rig.jobOf(id).equals("COMPLETED"));
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_TRIGGERS")).isEqualTo("0");
    assertThat(rig.one("SELECT COUNT(*) FROM QRTZ_FIRED_TRIGGERS")).isEqualTo("0");
  }

  @Test
  void a_retry_that_is_not_begun_keeps_its_number_too() {
    answers(FAILED, HELD, OK);
    JobId id = create();

    await().atMost(Samples.PATIENCE).until(() -> rig.executionOf(id).equals("SUCCEEDED 2"));

    assertThat(rig.target.arrivalsOf(id)).extracting(Firing::attempt).containsExactly(1, 2, 2);
    assertThat(rig.target.arrivalsOf(id)).extracting(Firing::counted).containsExactly(1, 2, 2);
    assertThat(attempts()).isEqualTo(2);
  }
}
