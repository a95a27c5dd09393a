package io.carillon.target;

import static io.carillon.target.HttpRig.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.Answer;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.job.Job;
import io.carillon.job.Limits;
import io.carillon.job.SampleJob;
import io.carillon.job.Schedule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a job says a success is: the status first, and then the body. */
@Timeout(30)
class SuccessOfTargetsTest {
  @AutoClose private final HttpRig http = new HttpRig();

  private Outcome call(Map<String, Object> success) {
    Job job =
        Job.of(
            Firings.JOB, Firings.http("GET", http.url("/"), null), new Schedule.Now(Limits.NONE));
    Job judged = SampleJob.like(job).options(Map.of("success", success)).build();
    return http.call(Firings.of(Firings.ID, judged, Map.of()));
  }

  private Outcome called(int status, String body, Map<String, Object> success) {
    http.enqueue(answer(status, body));
    return call(success);
  }

  @ParameterizedTest
  @CsvSource({
    "2xx, 200, true",
    "2xx, 404, false",
    "404, 404, true",
    "404, 200, false",
    "3xx, 302, true",
    "204, 200, false",
    "204, 204, true",
    "5xx, 503, true"
  })
  void the_set_of_statuses_decides(String word, int status, boolean succeeds) {
    Outcome outcome = called(status, "", Map.of("statuses", List.of("418", word)));

    if (succeeds) {
      assertThat(outcome).isEqualTo(new Succeeded(status, null));
    } else {
      assertThat(((Failed) outcome).reason()).isEqualTo("HTTP_" + status);
    }
  }

  @Test
  void an_answer_outside_the_set_may_ask_for_a_wait_whatever_its_status() {
    http.enqueue(answer(200, "").newBuilder().addHeader("Retry-After", "7").build());
    Failed failed = (Failed) call(Map.of("statuses", List.of("201")));
    assertThat(failed.reason()).isEqualTo("HTTP_200");
    assertThat(failed.retryAfter()).isEqualTo(Duration.ofSeconds(7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ok|done", "^\\{\"state\":\"done\"", "(?i)DONE", "\"done\"}$"})
  void a_body_fits_where_the_expression_is_found_in_it(String regex) {
    assertThat(called(200, "{\"state\":\"done\"}", Map.of("bodyMatches", regex)))
        .isEqualTo(new Succeeded(200, new Answer("{\"state\":\"done\"}", false)));
  }

  @Test
  void a_body_that_does_not_fit_fails_under_a_reason_of_its_own() {
    Failed failed = (Failed) called(200, "not yet", Map.of("bodyMatches", "^done$"));

    assertThat(failed.reason()).isEqualTo("BODY_MISMATCH");
    assertThat(failed.httpStatus()).isEqualTo(200);
    assertThat(failed.answer()).isEqualTo(new Answer("not yet", false));
    assertThat(failed.error()).contains("answered 200", "bodyMatches");
  }

  @Test
  void an_answer_whose_body_does_not_fit_may_ask_for_a_wait() {
    http.enqueue(answer(200, "not yet").newBuilder().addHeader("Retry-After", "7").build());
    Failed failed = (Failed) call(Map.of("bodyMatches", "done"));
    assertThat(failed.reason()).isEqualTo("BODY_MISMATCH");
    assertThat(failed.retryAfter()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void no_body_is_an_empty_one() {
    assertThat(((Failed) called(204, "", Map.of("bodyMatches", "."))).reason())
        .isEqualTo("BODY_MISMATCH");
    assertThat(called(204, "", Map.of("bodyMatches", "^$"))).isInstanceOf(Succeeded.class);
  }

  @Test
  void a_wrong_status_is_told_before_a_wrong_body() {
    assertThat(((Failed) called(500, "x", Map.of("bodyMatches", "y"))).reason())
        .isEqualTo("HTTP_500");
  }

  @Test
  void what_is_not_kept_of_a_body_is_not_looked_at() {
    String body = "x".repeat(Answer.MOST_BYTES) + "needle";
    assertThat(((Failed) called(200, body, Map.of("bodyMatches", "needle"))).reason())
        .isEqualTo("BODY_MISMATCH");
  }

  /** Each of these would take longer than anybody lives. */
  @ParameterizedTest
  @ValueSource(strings = {"(a+)+$", "(a|aa)+$", "(.*a){20}$", "^(([a-z])+.)+[A-Z]$", "(a*)*b"})
  void an_expression_that_goes_back_for_ever_is_given_up(String regex) {
    String body = "a".repeat(5_000) + "!";
    long begun = System.nanoTime();

    Failed failed = (Failed) called(200, body, Map.of("bodyMatches", regex));

    assertThat(failed.reason()).isEqualTo("BODY_MISMATCH");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
  }

  /** These look at no character, so counting looks does not end them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(?!)",
        "^?^?^?^?^?^?^?^?^?^?^?^?^?^?^?^?^?^?^?^?^?^?^?^?^?^?^?^?^?^?^?^?^?^?(?!)",
        "(?:(?:^{999999}){999999}){999999}(?!)"
      })
  void an_expression_that_goes_on_without_looking_is_given_up(String regex) {
    long begun = System.nanoTime();

    Failed failed = (Failed) called(200, "a", Map.of("bodyMatches", regex));

    assertThat(failed.error()).contains("takes too long");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void an_expression_that_looks_at_every_place_of_a_long_line_is_followed_to_its_end() {
    String body = "x".repeat(3_000) + "needle";
    assertThat(called(200, body, Map.of("bodyMatches", "x.*needle"))).isInstanceOf(Succeeded.class);
  }
}
