package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.api.http.Problem;
import io.carillon.api.http.ProblemException;
import io.carillon.job.JobExceptions.StoreBusy;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobExceptions.UnknownJob;
import io.carillon.job.JobId;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
  private static final Instant BEGIN = Instant.parse("2026-11-22T01:00:00Z");

  private Instant now = BEGIN;
  private final List<String> lines = new ArrayList<>();
  private final RefusalLog log = new RefusalLog(() -> now, lines::add);

  private void refuse(int times, Throwable thrown) {
    for (int i = 0; i < times; i++) {
      log.note(Problems.of(thrown), thrown);
    }
  }

  @Test
  void the_first_refusal_is_told_at_once_with_its_cause() {
    refuse(1, new StoreUnavailable("cannot write", new SQLException("link failure")));

    assertThat(lines)
        .containsExactly(
            "a request was refused with 503 store_unavailable: cannot write: link failure");
  }

  @Test
  void a_thousand_refusals_are_two_lines_with_their_number() {
    refuse(1_000, new StoreBusy(null));
    assertThat(lines).hasSize(1);

    now = now.plus(RefusalLog.INTERVAL);
    refuse(500, new StoreBusy(null));

    assertThat(lines)
        .hasSize(2)
        .last()
        .asString()
        .startsWith("1000 requests since 2026-11-22T01:00:00Z were refused with 503 intake_full: ");
  }

  @Test
  void kinds_are_told_apart() {
    refuse(2, new StoreBusy(null));
    refuse(2, new StoreUnavailable("away", null));
    refuse(2, new StoreUnavailable("no answer", JobId.of("a"), null));

    assertThat(lines)
        .extracting(line -> line.replaceAll(".* 503 (\\w+):.*", "$1"))
        .containsExactly("intake_full", "store_unavailable", "outcome_unknown");
  }

  @Test
  void a_clock_that_is_set_back_silences_nothing() {
    refuse(3, new StoreBusy(null));
    now = now.minus(Duration.ofHours(1));
    refuse(1, new StoreBusy(null));

    assertThat(lines).hasSize(2);
  }

  @Test
  void what_is_not_trouble_of_ours_is_not_told() {
    refuse(1, new UnknownJob(JobId.of("a")));
    refuse(1, new ProblemException(Problem.of(503, "draining", "stopping")));
    refuse(1, new IllegalStateException("a defect is told elsewhere"));

    assertThat(lines).isEmpty();
  }
}
