package io.carillon.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.events.EventRows.Row;
import io.carillon.execution.ExecutionState;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LiveEventTest {
  private static final String PAYLOAD =
      """
      {"job":{"id":"a","name":"mail","queue":"q","priority":"normal","labels":{"team":"shop"}},
       "execution":{"id":"e","state":"FAILED","attempt":3,"httpStatus":503,"error":"busy",
       "reason":"HTTP_503"}}""";

  private static Row row(String kind, String payload) {
    return new Row(7, 1_000, kind, "q", "a", "e", payload, 1_000);
  }

  private static LiveEvent event(String kind) {
    return LiveEvent.of(row(kind, PAYLOAD)).orElseThrow();
  }

  @Test
  void in_full_it_has_id_word_and_time_before_what_was_written() {
    assertThat(event("failed").full())
        .startsWith(
            "{\"id\":7,\"event\":\"failed\",\"at\":\"1970-01-01T00:00:01Z\",\"job\":{\"id\"")
        .contains("\"execution\":{\"id\":\"e\",\"state\":\"FAILED\"");
  }

  @Test
  void a_job_queue_says_the_same_with_less() {
    assertThat(event("failed").plain())
        .isEqualTo(
            "{\"event\":\"failed\",\"at\":\"1970-01-01T00:00:01Z\",\"job\":{\"id\":\"a\","
                + "\"name\":\"mail\",\"queue\":\"q\",\"status\":\"failed\",\"executionId\":\"e\","
                + "\"attempt\":3,\"httpStatus\":503,\"error\":\"busy\",\"reason\":\"HTTP_503\"}}");
    assertThat(event("retrying").plainWord()).isEqualTo("delayed");
    assertThat(event("cancelled").plainWord()).isEqualTo("failed");
    assertThat(event("skipped").plain()).isNull();
    assertThat(event("job.paused").plain()).isNull();
  }

  @Test
  void conditions_hold_all_together() {
    LiveEvent failed = event("failed");
    assertThat(EventFilter.ALL.wants(failed)).isTrue();
    assertThat(filter(null, Set.of(ExecutionState.FAILED), Map.of("team", "shop")).wants(failed))
        .isTrue();
    assertThat(filter("other", Set.of(), Map.of()).wants(failed)).isFalse();
    assertThat(filter("q", Set.of(ExecutionState.RUNNING), Map.of()).wants(failed)).isFalse();
    assertThat(filter("q", Set.of(), Map.of("team", "desk")).wants(failed)).isFalse();
  }

  private static EventFilter filter(
      String queue, Set<ExecutionState> states, Map<String, String> labels) {
    return new EventFilter(true, Set.of(), null, queue, states, labels);
  }

  @Test
  void rows_that_cannot_be_read_or_are_of_a_later_version_are_passed_over() {
    assertThat(LiveEvent.of(row("failed", "{"))).isEmpty();
    assertThat(LiveEvent.of(row("failed", "[]"))).isEmpty();
    assertThat(LiveEvent.of(row("job.applauded", "{}"))).isEmpty();
  }
}
