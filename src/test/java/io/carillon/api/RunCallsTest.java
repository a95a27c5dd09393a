package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.api.ApiRig.Answer;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Progress;
import io.carillon.execution.Runs.Report;
import io.carillon.execution.SampleExecution;
import io.carillon.job.JobId;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On a server with keys: people show theirs, targets the token of their call. */
class RunCallsTest {
  private static final String KEY = "a-key-of-at-least-sixteen";
  private static final String[] PERSON = {"Authorization", "Bearer " + KEY};
  private static final ExecutionId RUNS = id(1);
  private static final ExecutionId WAITS = id(2);
  private static final ExecutionId FAILED = id(3);
  private static final ExecutionId NONE = id(4);

  private static ApiRig rig;

  @BeforeAll
  static void start() {
    rig = ApiRig.with().keys(KEY).start();
    add(RUNS, ExecutionState.RUNNING);
    add(WAITS, ExecutionState.QUEUED);
    add(FAILED, ExecutionState.FAILED);
  }

  @AfterAll
  static void close() {
    rig.close();
  }

  private static ExecutionId id(int n) {
    return ExecutionId.planned(JobId.of("job"), n, ApiRig.NOW);
  }

  private static void add(ExecutionId id, ExecutionState state) {
    rig.engine.executions.put(id, SampleExecution.of(id, JobId.of("job")).state(state).build());
  }

  private static String path(ExecutionId id, String act) {
    return "/api/v1/executions/" + id + "/" + act;
  }

  private static Answer word(ExecutionId id, String act, String body, String token) {
    return rig.post(path(id, act), body, "Authorization", "Bearer " + token);
  }

  private static Answer word(ExecutionId id, String act, String body) {
    return word(id, act, body, "token-1-" + id);
  }

  @Test
  void a_cancel_says_whether_it_is_done_or_under_way_or_too_late() {
    Answer waiting = rig.post(path(WAITS, "cancel"), null, PERSON);
    assertThat(waiting.status()).isEqualTo(200);
    assertThat(waiting.body())
        .isEqualTo(
            "{\"id\":\"%s\",\"state\":\"CANCELLED\",\"cancelling\":false,\"started\":false}"
                .formatted(WAITS));
    Answer running = rig.post(path(RUNS, "cancel"), "{}", PERSON);
    assertThat(running.status()).isEqualTo(202);
    assertThat(running.json().get("state").asText()).isEqualTo("RUNNING");
    assertThat(running.json().get("cancelling").asBoolean()).isTrue();
    Answer over = rig.post(path(FAILED, "cancel"), null, PERSON);
    assertThat(over.status()).isEqualTo(409);
    assertThat(over.json().get("state").asText()).isEqualTo("FAILED");
    assertThat(rig.post(path(NONE, "cancel"), null, PERSON).fault()).isEqualTo("404 not_found");
    assertThat(rig.post(path(RUNS, "cancel"), null).status()).isEqualTo(401);
    assertThat(rig.post(path(RUNS, "cancel"), "{\"why\":1}", PERSON).fault())
        .isEqualTo("422 field_unknown /why");
  }

  @Test
  void a_retry_tells_the_attempt_that_comes_next() {
    Answer again = rig.post(path(FAILED, "retry"), null, PERSON);
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.json().get("attempt").asInt()).isEqualTo(2);
    assertThat(again.header("Location")).isEqualTo("/api/v1/executions/" + FAILED);
    assertThat(rig.post(path(RUNS, "retry"), null, PERSON).status()).isEqualTo(409);
  }

  @Test
  void progress_is_taken_from_who_shows_the_calls_token() {
    Answer taken = word(RUNS, "progress", "{\"percent\":40,\"note\":\"page 4\"}");
    assertThat(taken.status()).isEqualTo(202);
    assertThat(rig.runs.reports).containsExactly(new Progress(40, "page 4", ApiRig.NOW));
    assertThat(word(FAILED, "progress", "{\"percent\":40}").status()).isEqualTo(409);
    assertThat(word(NONE, "progress", "{\"percent\":40}").status()).isEqualTo(404);
  }

  @Test
  void without_the_right_token_nothing_is_taken_and_no_key_helps() {
    String body = "{\"percent\":1,\"outcome\":\"SUCCEEDED\"}";
    for (String act : List.of("progress", "complete")) {
      assertThat(word(RUNS, act, body, "token-1-" + WAITS).fault()).isEqualTo("401 token_invalid");
      assertThat(word(RUNS, act, body, KEY).fault()).isEqualTo("401 token_invalid");
      Answer none = rig.post(path(RUNS, act), body);
      assertThat(none.fault()).isEqualTo("401 token_invalid");
      assertThat(none.header("WWW-Authenticate")).startsWith("Bearer");
    }
    assertThat(rig.get(path(RUNS, "progress"), "Authorization", "Bearer token-1-" + RUNS).status())
        .as("a token opens nothing else")
        .isEqualTo(401);
  }

  @Test
  void an_outcome_ends_the_attempt_and_the_answer_says_what_follows() {
    Answer done = word(RUNS, "complete", "{\"outcome\":\"SUCCEEDED\",\"result\":{\"n\":1}}");
    assertThat(done.status()).isEqualTo(200);
    assertThat(done.json().get("state").asText()).isEqualTo("SUCCEEDED");
    Answer failed = word(RUNS, "complete", "{\"outcome\":\"FAILED\",\"error\":\"no paper\"}");
    assertThat(failed.json().get("state").asText()).isEqualTo("RETRYING");
    assertThat(failed.json().get("nextAttemptAt").asText()).isEqualTo("2026-11-21T12:00:00Z");
    Report first = rig.runs.ends.get(0);
    assertThat(first.result().body()).isEqualTo("{\"n\":1}");
    assertThat(rig.runs.ends.get(1)).isEqualTo(new Report(false, null, "no paper"));
    assertThat(word(FAILED, "complete", "{\"outcome\":\"FAILED\"}").status()).isEqualTo(409);
  }

  @Test
  void all_faults_of_a_report_are_told_together() {
    Answer progress =
        word(RUNS, "progress", "{\"percent\":101,\"note\":\"" + "x".repeat(251) + "\",\"p\":1}");
    assertThat(progress.status()).isEqualTo(422);
    assertThat(progress.json().get("errors").findValuesAsText("pointer"))
        .containsExactlyInAnyOrder("/percent", "/note", "/p");
    Answer complete =
        word(
            RUNS,
            "complete",
            "{\"outcome\":\"DONE\",\"result\":\"" + "x".repeat(16_385) + "\",\"error\":5}");
    assertThat(complete.json().get("errors").findValuesAsText("code"))
        .containsExactlyInAnyOrder("outcome_unknown", "result_too_large", "json_type");
    assertThat(word(RUNS, "complete", "{\"outcome\":\"SUCCEEDED\",\"error\":\"x\"}").fault())
        .isEqualTo("422 error_unexpected /error");
    assertThat(word(RUNS, "progress", "{}").fault()).isEqualTo("422 field_required /percent");
  }

  @Test
  void reports_are_counted_by_the_address_they_come_from() {
    try (ApiRig limited = ApiRig.with().keys(KEY).rate(3).start()) {
      Answer last = null;
      for (int n = 0; n < 4; n++) {
        last =
            limited.post(
                path(RUNS, "progress"), "{\"percent\":1}", "Authorization", "Bearer guessed");
        assertThat(last.status()).isEqualTo(n < 3 ? 401 : 429);
      }
      assertThat(last.header("Retry-After")).isEqualTo("1");
      assertThat(limited.get("/api/v1/jobs", PERSON).status())
          .as("others are not kept away")
          .isEqualTo(200);
    }
  }
}
