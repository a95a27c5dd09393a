package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.api.ApiRig.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a schedule would do, shown before it is stored, and what a stored one will do. */
class PreviewCallTest {
  @AutoClose private final ApiRig rig = ApiRig.start();

  private Answer preview(String members) {
    return rig.post("/api/v1/schedules/preview", "{" + members + "}");
  }

  private static List<String> next(Answer answer) {
    List<String> shown = new ArrayList<>();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    for (JsonNode tick : answer.json().get("next")) {
      shown.add((tick.get("at").asText() + " " + tick.path("note").asText("")).strip());
    }
    return shown;
  }

  @Test
  void a_cron_text_is_told_in_full() {
    Answer answer =
        preview(
            "\"schedule\": {\"cron\": \"0 12 * * 1-5\", \"timeZone\": \"Europe/Berlin\"},"
                + " \"count\": 2");

    assertThat(answer.json().get("normalized").asText()).isEqualTo("0 0 12 ? * MON-FRI");
    assertThat(answer.json().get("dialect").asText()).isEqualTo("UNIX");
    assertThat(answer.json().get("description").asText()).contains("12:00");
    assertThat(answer.json().get("timeZone").asText()).isEqualTo("Europe/Berlin");
    assertThat(answer.json().get("warnings")).isEmpty();
    assertThat(next(answer)).containsExactly("2026-11-23T11:00:00Z", "2026-11-24T11:00:00Z");
    assertThat(answer.json().at("/next/0/local").asText()).isEqualTo("2026-11-23T12:00:00+01:00");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "type": "now"                                              | once, as soon as possible
          "delay": "PT90S"                                           | once, 1 minute 30 seconds after it is accepted
          "at": "2026-12-24T18:00:00Z"                               | once, at 2026-12-24T18:00:00Z
          "anchor": "2026-12-24T18:00:00Z", "offset": "-PT1H"        | once, at 2026-12-24T17:00:00Z, 1 hour before 2026-12-24T18:00:00Z
          "every": "PT1M"                                            | every minute
          "every": "PT15M", "endAt": "2027-01-01T00:00:00Z"          | every 15 minutes, until 2027-01-01T00:00:00Z
          "type": "fixedDelay", "every": "PT1H"                      | 1 hour after the end of each run
          "every": "P1D", "jitter": "PT30S", "maxRuns": 3            | every day, 3 runs, up to 30 seconds later each time
          "from": "09:00", "to": "17:00", "every": "PT15M", "timeZone": "UTC", "days": ["FRI", "MON"] | every 15 minutes from 09:00 to 17:00 on Monday, Friday
          "from": "09:00", "to": "17:00", "every": "PT1S", "timeZone": "UTC" | every second from 09:00 to 17:00 every day
          """)
  void other_schedules_are_told_in_words(String schedule, String words) {
    JsonNode answer = preview("\"schedule\": {" + schedule + "}").json();

    assertThat(answer.get("description").asText()).isEqualTo(words);
    assertThat(answer.get("normalized").isNull()).isTrue();
    assertThat(answer.get("dialect").isNull()).isTrue();
  }

  @Test
  void it_looks_from_where_it_is_told_to() {
    assertThat(
            next(
                preview(
                    "\"schedule\": {\"every\": \"P1D\"}, \"from\": \"2030-01-01T00:00:00Z\","
                        + " \"count\": 2")))
        .containsExactly("2030-01-02T00:00:00Z", "2030-01-03T00:00:00Z");
    assertThat(
            next(
                preview(
                    "\"schedule\": {\"cron\": \"@daily\", \"timeZone\": \"UTC\"},"
                        + " \"from\": \"2030-01-01T00:00:00Z\"")))
        .hasSize(10)
        .startsWith("2030-01-02T00:00:00Z");
  }

  @Test
  void what_a_calendar_or_a_bound_passes_over_is_marked() {
    rig.send("PUT", "/api/v1/calendars/weekend", "{\"weekdays\": [\"SAT\", \"SUN\"]}");
    String schedule =
        "\"schedule\": {\"cron\": \"0 0 18 * * ?\", \"timeZone\": \"UTC\","
            + " \"calendars\": [\"weekend\"], \"endAt\": \"2026-11-25T00:00:00Z\"}";

    assertThat(next(preview(schedule)))
        .containsExactly(
            "2026-11-21T18:00:00Z CALENDAR",
            "2026-11-22T18:00:00Z CALENDAR",
            "2026-11-23T18:00:00Z",
            "2026-11-24T18:00:00Z",
            "2026-11-25T18:00:00Z BOUND");
    assertThat(next(preview(schedule + ", \"passedOver\": false")))
        .containsExactly("2026-11-23T18:00:00Z", "2026-11-24T18:00:00Z");
    assertThat(next(preview(schedule + ", \"until\": \"2027-11-01T00:00:00Z\"")))
        .containsExactly(
            "2026-11-21T18:00:00Z CALENDAR",
            "2026-11-22T18:00:00Z CALENDAR",
            "2026-11-25T18:00:00Z BOUND");
  }

  @Test
  void what_clock_changes_do_is_told_two_years_ahead() {
    String daily = "\"cron\": \"30 2 * * *\", \"timeZone\": \"Europe/Berlin\"";
    String span = "}, \"from\": \"2027-01-01T00:00:00Z\", \"until\": \"2029-01-01T00:00:00Z\"";

    assertThat(next(preview("\"schedule\": {" + daily + span)))
        .containsExactly(
            "2027-03-28T01:00:00Z DST_GAP_SHIFTED",
            "2027-10-31T00:30:00Z DST_OVERLAP_FIRST",
            "2028-03-26T01:00:00Z DST_GAP_SHIFTED",
            "2028-10-29T00:30:00Z DST_OVERLAP_FIRST");
    assertThat(
            next(
                preview(
                    "\"schedule\": {"
                        + daily
                        + ", \"dst\": {\"gap\": \"SKIP\", \"overlap\": \"BOTH\"}"
                        + span)))
        .containsExactly(
            "2027-03-28T01:00:00Z DST_GAP_SKIPPED",
            "2027-10-31T00:30:00Z DST_OVERLAP_FIRST",
            "2027-10-31T01:30:00Z DST_OVERLAP_SECOND",
            "2028-03-26T01:00:00Z DST_GAP_SKIPPED",
            "2028-10-29T00:30:00Z DST_OVERLAP_FIRST",
            "2028-10-29T01:30:00Z DST_OVERLAP_SECOND");
    assertThat(next(preview("\"schedule\": {" + daily + span + ", \"count\": 2"))).hasSize(2);
  }

  @Test
  void a_window_of_the_day_is_told() {
    assertThat(
            next(
                preview(
                    "\"schedule\": {\"from\": \"09:00\", \"to\": \"10:00\", \"every\": \"PT45M\","
                        + " \"days\": [\"MON\"], \"timeZone\": \"Europe/Berlin\"}, \"count\": 3")))
        .containsExactly("2026-11-23T08:00:00Z", "2026-11-23T08:45:00Z", "2026-11-30T08:00:00Z");
  }

  @Test
  void the_number_of_runs_is_a_bound_too() {
    assertThat(next(preview("\"schedule\": {\"every\": \"P1D\", \"maxRuns\": 2}")))
        .containsExactly(
            "2026-11-22T12:00:00Z", "2026-11-23T12:00:00Z", "2026-11-24T12:00:00Z BOUND");
  }

  @Test
  void neighbours_without_a_run_do_not_hide_the_runs() {
    rig.send("PUT", "/api/v1/calendars/weekend", "{\"weekdays\": [\"SAT\", \"SUN\"]}");
    List<String> next =
        next(
            preview(
                "\"schedule\": {\"every\": \"PT1S\", \"calendars\": [\"weekend\"]}, \"count\": 3"));

    assertThat(next)
        .hasSize(103)
        .endsWith("2026-11-23T00:00:00Z", "2026-11-23T00:00:01Z", "2026-11-23T00:00:02Z");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          `"count": 1`                                                     | 422 field_required /schedule
          `"schedule": {"every": "PT1S"}, "count": 0`                      | 422 number_range /count
          `"schedule": {"every": "PT1S"}, "count": 1001`                   | 422 number_range /count
          `"schedule": {"every": "PT1S"}, "until": "2026-11-21T12:00:00Z"` | 422 end_before_start /until
          `"schedule": {"every": "PT1S"}, "until": "2028-11-24T12:00:00Z"` | 422 until_range /until
          `"schedule": {"every": "PT1S"}, "form": 1`                       | 422 field_unknown /form
          `"schedule": {"cron": "0 0 0 30 2 ?"}`                           | 422 cron_never_fires /schedule/cron
          `"schedule": {"every": "PT1S", "calendars": ["none"]}`           | 422 calendar_unknown /schedule/calendars/0
          """)
  void a_fault_has_its_code_and_place(String members, String fault) {
    assertThat(preview(members).fault()).isEqualTo(fault);
  }

  @Test
  void a_stored_job_tells_what_it_passes_over() {
    rig.send("PUT", "/api/v1/calendars/weekend", "{\"weekdays\": [\"SAT\", \"SUN\"]}");
    rig.send(
        "PUT",
        "/api/v1/jobs/weekdays",
        "{\"target\": {\"type\": \"noop\"}, \"schedule\": {\"cron\": \"0 0 18 * * ?\","
            + " \"timeZone\": \"UTC\", \"calendars\": [\"weekend\"]}}");
    rig.engine.nextFireTime("weekdays", java.time.Instant.parse("2026-11-23T18:00:00Z"));

    assertThat(next(rig.get("/api/v1/jobs/weekdays/next?count=2")))
        .containsExactly(
            "2026-11-21T18:00:00Z CALENDAR",
            "2026-11-22T18:00:00Z CALENDAR",
            "2026-11-23T18:00:00Z",
            "2026-11-24T18:00:00Z");
    assertThat(next(rig.get("/api/v1/jobs/weekdays/next?count=2&passedOver=false")))
        .containsExactly("2026-11-23T18:00:00Z", "2026-11-24T18:00:00Z");
    assertThat(rig.get("/api/v1/jobs/weekdays/next?passedOver=no").fault())
        .isEqualTo("400 parameter_invalid ?passedOver");
  }

  @Test
  void a_patched_anchor_moves_the_instant() {
    String schedule = "{\"anchor\": \"2026-12-24T18:00:00Z\", \"offset\": \"-PT1H\"}";
    rig.send(
        "PUT",
        "/api/v1/jobs/reminder",
        "{\"target\": {\"type\": \"noop\"}, \"schedule\": " + schedule + "}");
    assertThat(next(rig.get("/api/v1/jobs/reminder/next"))).containsExactly("2026-12-24T17:00:00Z");

    Answer moved =
        rig.send(
            "PATCH",
            "/api/v1/jobs/reminder",
            "{\"schedule\": {\"anchor\": \"2026-12-26T20:00:00Z\"}}");
    assertThat(moved.json().get("nextFireTime").asText()).isEqualTo("2026-12-26T19:00:00Z");
    assertThat(moved.json().at("/schedule/offset").asText()).isEqualTo("PT-1H");
    assertThat(next(rig.get("/api/v1/jobs/reminder/next"))).containsExactly("2026-12-26T19:00:00Z");
    Answer nearer =
        rig.send("PATCH", "/api/v1/jobs/reminder", "{\"schedule\": {\"offset\": \"-PT15M\"}}");
    assertThat(nearer.json().get("nextFireTime").asText()).isEqualTo("2026-12-26T19:45:00Z");
  }
}
