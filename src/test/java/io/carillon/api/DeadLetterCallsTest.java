package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.api.ApiRig.Answer;
import io.carillon.execution.ExecutionId;
import io.carillon.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dead letters over HTTP. */
class DeadLetterCallsTest {
  private static final String ALL = "/api/v1/dead-letters";
  private static final String GONE = ExecutionId.planned(JobId.of("x"), 9, ApiRig.NOW).value();
  @AutoClose private final ApiRig rig = ApiRig.start();
  private ExecutionId first;
  private ExecutionId second;

  @BeforeEach
  void two() {
    rig.send(
        "PUT",
        "/api/v1/jobs/here",
        "{\"target\":{\"type\":\"noop\"},\"schedule\":{\"type\":\"fixedRate\",\"every\":\"PT1H\"}}");
    first = rig.letters.add("here", ApiRig.NOW.minusSeconds(60), "HTTP_503");
    second = rig.letters.add("deleted", ApiRig.NOW, "TIMEOUT");
  }

  private static List<String> texts(JsonNode list, String member) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.get(member).asText()));
    return texts;
  }

  private static String ids(String... ids) {
    return "{\"ids\":[\"" + String.join("\",\"", ids) + "\"]}";
  }

  @Test
  void they_are_listed_newest_first_with_their_last_answers() {
    JsonNode list = rig.get(ALL).json();

    assertThat(texts(list.get("items"), "id")).containsExactly(second.value(), first.value());
    JsonNode item = list.at("/items/1");
    assertThat(item.get("deadLettered").asBoolean()).isTrue();
    assertThat(item.get("state").asText()).isEqualTo("FAILED");
    assertThat(item.get("reason").asText()).isEqualTo("HTTP_503");
    assertThat(item.get("diedAt").asText()).isEqualTo("2026-11-21T11:59:00.005Z");
  }

  @Test
  void a_list_takes_the_filters_of_executions_and_a_reason() {
    Answer answer =
        rig.get(
            ALL
                + "?job=here&queue=q&reason=HTTP_503&from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z&label.team=shop&limit=7");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(rig.letters.lastFilter.job()).isEqualTo(JobId.of("here"));
    assertThat(rig.letters.lastFilter.queue()).isEqualTo("q");
    assertThat(rig.letters.lastFilter.reason()).isEqualTo("HTTP_503");
    assertThat(rig.letters.lastFilter.from()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(rig.letters.lastFilter.labels()).isEqualTo(Map.of("team", "shop"));
    assertThat(rig.get(ALL + "?job=a%20b").fault()).isEqualTo("400 parameter_invalid");
    assertThat(rig.get(ALL + "?state=FAILED").fault()).isEqualTo("400 parameter_unknown ?state");
  }

  @Test
  void one_is_shown_with_its_job_and_attempts_also_if_the_job_is_gone() {
    JsonNode one = rig.get(ALL + "/" + first.value()).json();
    assertThat(one.at("/job/id").asText()).isEqualTo("here");
    assertThat(one.get("attempts")).hasSize(1);

    JsonNode other = rig.get(ALL + "/" + second.value()).json();
    assertThat(other.get("job").isNull()).isTrue();
    assertThat(other.at("/attempts/0/reason").asText()).isEqualTo("TIMEOUT");

    assertThat(rig.get(ALL + "/" + GONE).fault()).isEqualTo("404 not_found");
    assertThat(rig.get(ALL + "/nonsense").fault()).isEqualTo("404 not_found");
  }

  @Test
  void the_last_attempt_is_shown_of_one_that_history_has_forgotten() {
    rig.engine.executions.remove(first);
    JsonNode one = rig.get(ALL + "/" + first.value()).json();
    assertThat(one.at("/attempts/0/n").asInt()).isEqualTo(5);
    assertThat(one.at("/attempts/0/httpStatus").asInt()).isEqualTo(503);
  }

  @Test
  void those_that_are_named_are_redriven_or_told_why_not() {
    Answer answer = rig.post(ALL + "/redrive", ids(first.value(), second.value(), GONE));

    assertThat(answer.status()).isEqualTo(202);
    JsonNode told = answer.json();
    assertThat(told.get("matched").asInt()).isEqualTo(3);
    assertThat(told.get("redriven").asInt()).isEqualTo(1);
    assertThat(texts(told.get("executions"), "id")).containsExactly(first.value());
    assertThat(texts(told.get("refused"), "code")).containsExactly("job_gone", "not_found");
    assertThat(told.get("lastAt").asText()).isEqualTo("2026-11-21T12:00:00Z");
    assertThat(told.get("more").asBoolean()).isFalse();
    assertThat(rig.letters.lastPace).isEqualTo(Duration.ofMillis(100));

    JsonNode again = rig.post(ALL + "/redrive", ids(first.value())).json();
    assertThat(again.get("redriven").asInt()).isZero();
    assertThat(again.at("/refused/0/code").asText()).isEqualTo("not_found");
  }

  @Test
  void a_filter_redrives_what_can_run_at_the_rate_asked_for() {
    JsonNode told = rig.post(ALL + "/redrive", "{\"filter\":{},\"ratePerSecond\":0.5}").json();

    assertThat(told.get("matched").asInt()).isEqualTo(1);
    assertThat(told.get("redriven").asInt()).isEqualTo(1);
    assertThat(told.get("refused")).isEmpty();
    assertThat(rig.letters.lastPace).isEqualTo(Duration.ofSeconds(2));
    assertThat(texts(rig.get(ALL).json().get("items"), "id")).containsExactly(second.value());
  }

  @Test
  void letters_are_purged_by_name_or_filter() {
    JsonNode told = rig.post(ALL + "/purge", "{\"filter\":{\"reason\":\"TIMEOUT\"}}").json();
    assertThat(told.toString()).isEqualTo("{\"matched\":1,\"purged\":1,\"more\":false}");

    JsonNode named = rig.post(ALL + "/purge", ids(first.value(), GONE)).json();
    assertThat(named.toString()).isEqualTo("{\"matched\":2,\"purged\":1,\"more\":false}");
    assertThat(rig.get(ALL).json().get("items")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                          | /ids                | selection_required
          {"ids": ["x"], "filter": {}}                | /ids                | selection_required
          {"ids": []}                                 | /ids                | ids_range
          {"ids": "x"}                                | /ids                | json_type
          {"ids": [7]}                                | /ids/0              | json_type
          {"ids": ["nonsense"]}                       | /ids/0              | execution_id_invalid
          {"filter": []}                              | /filter             | json_type
          {"filter": {"job": "a b"}}                  | /filter/job         | job_id_invalid
          {"filter": {"from": "2026-01-01T00:00:00"}} | /filter/from        | at_zone_required
          {"filter": {"labels": {"a": 1}}}            | /filter/labels/a    | json_type
          {"filter": {"state": "FAILED"}}             | /filter/state       | field_unknown
          {"filter": {}, "ratePerSecond": 0}          | /ratePerSecond      | number_range
          {"filter": {}, "ratePerSecond": 1001}       | /ratePerSecond      | number_range
          {"filter": {}, "ratePerSecond": "10"}       | /ratePerSecond      | json_type
          {"filter": {}, "rate": 10}                  | /rate               | field_unknown
          """)
  void what_is_wrong_is_told(String body, String pointer, String code) {
    JsonNode problem = rig.post(ALL + "/redrive", body).json();

    assertThat(problem.get("status").asInt()).isEqualTo(422);
    assertThat(texts(problem.get("errors"), "pointer")).contains(pointer);
    assertThat(texts(problem.get("errors"), "code")).contains(code);
    assertThat(rig.letters.letters).hasSize(2);
  }

  @Test
  void all_faults_are_told_together_and_a_purge_takes_no_rate() {
    JsonNode problem =
        rig.post(ALL + "/purge", "{\"ids\":[\"a\",\"b\"],\"filter\":{\"x\":1},\"ratePerSecond\":1}")
            .json();
    assertThat(texts(problem.get("errors"), "pointer"))
        .containsExactlyInAnyOrder("/ids", "/ids/0", "/ids/1", "/filter/x", "/ratePerSecond");
  }
}
