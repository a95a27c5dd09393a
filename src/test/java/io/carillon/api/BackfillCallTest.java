package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.api.ApiRig.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BackfillCallTest {
  private static final String DAY =
      "{\"from\":\"2026-01-05T00:00:00Z\",\"to\":\"2026-01-06T00:00:00Z\"%s}";
  private static ApiRig rig;

  @BeforeAll
  static void start() {
    rig = ApiRig.start();
    rig.send(
        "PUT",
        "/api/v1/jobs/hourly",
        "{\"target\":{\"type\":\"noop\"},\"schedule\":{\"type\":\"fixedRate\",\"every\":\"PT1H\"}}");
    rig.send("PUT", "/api/v1/jobs/once", "{\"target\":{\"type\":\"noop\"}}");
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  private static List<String> faults(String body) {
    List<String> faults = new ArrayList<>();
    rig.post("/api/v1/jobs/hourly/backfill", body)
        .json()
        .get("errors")
        .forEach(
            fault -> faults.add(fault.get("pointer").asText() + " " + fault.get("code").asText()));
    return faults;
  }

  @Test
  void a_preview_counts_and_an_act_tells_what_it_began() {
    Answer preview = rig.post("/api/v1/jobs/hourly/backfill", DAY.formatted(",\"preview\":true"));
    assertThat(preview.status()).isEqualTo(200);
    assertThat(preview.json().toString()).isEqualTo("{\"planned\":2,\"alreadyRun\":1,\"toRun\":1}");

    Answer act = rig.post("/api/v1/jobs/hourly/backfill", DAY.formatted(""));
    assertThat(act.status()).isEqualTo(202);
    assertThat(act.header("Location")).isEqualTo("/api/v1/jobs/hourly/executions");
    assertThat(act.json().get("executions")).hasSize(1);
  }

  @Test
  void what_is_wrong_is_named_all_together() {
    assertThat(faults("{}")).contains("/from field_required").contains("/to field_required");
    assertThat(
            faults("{\"from\":\"2026-01-06T00:00:00Z\",\"to\":\"2026-01-05T00:00:00Z\",\"fro\":1}"))
        .contains("/to end_before_start")
        .contains("/fro field_unknown");
    Instant later = Instant.now().plus(Duration.ofDays(1));
    assertThat(faults("{\"from\":\"2026-01-06T00:00:00Z\",\"to\":\"" + later + "\"}"))
        .contains("/to at_in_future");
  }

  @Test
  void only_what_repeats_can_be_filled() {
    assertThat(rig.post("/api/v1/jobs/once/backfill", DAY.formatted("")).fault())
        .isEqualTo("422 backfill_not_recurring");
    assertThat(rig.post("/api/v1/jobs/nobody/backfill", DAY.formatted("")).status()).isEqualTo(404);
  }
}
