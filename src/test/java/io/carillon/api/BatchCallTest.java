package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.api.ApiRig.Answer;
import java.util.Collections;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchCallTest {
  private static final String NOOP = "{\"target\":{\"type\":\"noop\"}}";
  private static final String BAD = "{\"name\":\"\",\"target\":{\"type\":\"noop\"}}";
  @AutoClose private final ApiRig rig = ApiRig.start();

  private Answer batch(String jobs, String more) {
    return rig.post("/api/v1/jobs:batch", "{\"jobs\":[" + jobs + "]" + more + "}");
  }

  private static String times(int count, String job) {
    return String.join(",", Collections.nCopies(count, job));
  }

  @Test
  void a_thousand_jobs_are_stored_in_order_and_one_more_is_too_many() {
    Answer stored = batch(times(1_000, NOOP), "");
    assertThat(stored.status()).isEqualTo(200);
    assertThat(stored.json().get("items").findValuesAsText("id"))
        .hasSize(1_000)
        .doesNotHaveDuplicates()
        .isSorted();
    assertThat(rig.engine.stored).hasSize(1_000);
    assertThat(batch(times(1_001, NOOP), "").fault()).isEqualTo("413 batch_too_large");
  }

  @Test
  void one_bad_job_among_a_hundred_is_named_by_its_place_and_the_others_are_stored() {
    Answer stored = batch(times(41, NOOP) + "," + BAD + "," + times(58, NOOP), "");
    JsonNode bad = stored.json().get("items").get(41);
    assertThat(bad.get("status").asInt()).isEqualTo(422);
    assertThat(bad.at("/errors/0/pointer").asText()).isEqualTo("/jobs/41/name");
    assertThat(bad.at("/errors/0/code").asText()).isEqualTo("name_empty");
    assertThat(rig.engine.stored).hasSize(99);
  }

  @Test
  void a_job_that_the_database_refuses_is_told_in_its_place_and_the_others_are_stored() {
    rig.engine.refuse("odd");
    String odd = "{\"name\":\"odd\",\"target\":{\"type\":\"noop\"}}";

    JsonNode items = batch(NOOP + "," + odd + "," + NOOP, "").json().get("items");

    assertThat(items.findValuesAsText("status")).containsExactly("201", "500", "201");
    assertThat(items.get(1).has("id")).isFalse();
    assertThat(items.at("/1/errors/0/pointer").asText()).isEqualTo("/jobs/1");
    assertThat(items.at("/1/errors/0/code").asText()).isEqualTo("internal");
    assertThat(rig.engine.stored).hasSize(2);
  }

  @Test
  void an_atomic_batch_with_a_fault_stores_nothing() {
    Answer refused = batch(NOOP + "," + BAD + ",7", ",\"atomic\":true");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().get("errors").findValuesAsText("pointer"))
        .containsExactly("/jobs/1/name", "/jobs/2");
    assertThat(rig.engine.stored).isEmpty();
    assertThat(batch(NOOP + "," + NOOP, ",\"atomic\":true").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 422 field_required /jobs",
        "{\"jobs\":{}} | 422 json_type /jobs",
        "{\"jobs\":[],\"atom\":1} | 422 field_unknown /atom",
        "{\"jobs\":[],\"atomic\":1} | 422 json_type /atomic",
      })
  void a_faulty_batch_gets_its_code(String body, String fault) {
    assertThat(rig.post("/api/v1/jobs:batch", body).fault()).isEqualTo(fault);
  }

  @Test
  void a_batch_that_finds_no_database_is_told_that_nothing_was_accepted() {
    try (ApiRig away = ApiRig.start()) {
      away.engine.goAway();
      String jobs = "[{\"target\":{\"type\":\"noop\"}}]";
      assertThat(away.post("/api/v1/jobs:batch", "{\"atomic\":true,\"jobs\":" + jobs + "}").fault())
          .isEqualTo("503 store_unavailable");
      assertThat(away.post("/api/v1/jobs:batch", "{\"jobs\":" + jobs + "}").fault())
          .isEqualTo("503 store_unavailable");
    }
  }
}
