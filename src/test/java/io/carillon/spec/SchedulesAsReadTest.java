package io.carillon.spec;

import static io.carillon.spec.ReaderRig.ID;
import static io.carillon.spec.ReaderRig.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.cron.DstPolicy;
import io.carillon.job.Job;
import io.carillon.job.Limits;
import io.carillon.job.Schedule;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedules as they are read: their faults, their types, their instants and zones. */
class SchedulesAsReadTest {
  private final ReaderRig read = new ReaderRig();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "at": "2027-01-01T00:00:00Z", "cron": "0 0 12 * * ?" |                   | schedule_ambiguous
          "type": "cron", "cron": "@daily", "every": "PT1S"    |                   | schedule_ambiguous
          "at": "2027-01-01T00:00:00Z", "anchor": "2027-01-01T00:00:00Z", "offset": "PT1S" | | schedule_ambiguous
          "startAt": "2027-01-01T00:00:00Z"                    | /type             | field_required
          "type": "at"                                         | /at               | field_required
          "type": "delay"                                      | /delay            | field_required
          "type": "cron"                                       | /cron             | field_required
          "type": "fixedRate", "every": null                   | /every            | field_required
          "type": "crom", "cron": "@daily"                     | /type             | schedule_type_unknown
          "from": "09:00", "every": "PT1M"                     | /to               | field_required
          "to": "09:00", "every": "PT1M"                       | /from             | field_required
          "from": "09:00", "to": "17:00"                       | /every            | field_required
          "from": "24:00", "to": "17:00", "every": "PT1M"      | /from             | time_invalid
          "from": "9:00", "to": "17:00", "every": "PT1M"       | /from             | time_invalid
          "from": "09:00", "to": "17:00:60", "every": "PT1M"   | /to               | time_invalid
          "from": 9, "to": "17:00", "every": "PT1M"            | /from             | json_type
          "from": "22:00", "to": "06:00", "every": "PT1M"      | /to               | window_order
          "from": "09:00", "to": "17:00", "every": "PT0.5S"    | /every            | interval_range
          "from": "09:00", "to": "17:00", "every": "PT1.5S"    | /every            | interval_range
          "from": "09:00", "to": "17:00", "every": "PT1M", "days": []        | /days   | field_required
          "from": "09:00", "to": "17:00", "every": "PT1M", "days": ["MO"]    | /days/0 | value_unknown
          "from": "09:00", "to": "17:00", "every": "PT1M", "days": "MON"     | /days   | json_type
          "from": "09:00", "to": "17:00", "every": "PT1M", "timeZone": "CET2" | /timeZone | zone_unknown
          "from": "09:00", "to": "17:00", "every": "PT1M", "cron": "@daily"  |         | schedule_ambiguous
          "type": "fixedRate", "every": "PT1M", "days": ["MON"] |                  | schedule_ambiguous
          "type": 3                                            | /type             | json_type
          "at": "2026-11-21T07:59:54.999Z"                     | /at               | at_in_past
          "at": "10000-01-01T00:00:00Z"                        | /at               | at_out_of_range
          "at": "+10000-01-01T00:00:00Z"                       | /at               | at_out_of_range
          "at": "1969-12-31T23:59:59Z"                         | /at               | at_out_of_range
          "at": "2026-02-30T10:00:00Z"                         | /at               | at_invalid
          "at": "tomorrow"                                     | /at               | at_invalid
          "at": "2027-01-01"                                   | /at               | at_invalid
          "at": "2027-01-01T10:00:00"                          | /at               | at_zone_required
          "at": 1795680000                                     | /at               | json_type
          "anchor": "2027-01-01T00:00:00Z"                     | /offset           | field_required
          "anchor": "2026-01-01T00:00:00Z", "offset": "-PT1H"  | /anchor           | at_in_past
          "cron": "@daily", "timeZone": "Europe/Amsterdan"     | /timeZone         | zone_unknown
          "cron": "@daily", "timeZone": "+01:00:30"            | /timeZone         | zone_unknown
          "cron": "@daily", "timeZone": ""                     | /timeZone         | zone_unknown
          "cron": "60 * * * * ?"                               | /cron             | cron_second
          "cron": "0 0 24 * * ?"                               | /cron             | cron_hour
          "cron": "0 0 12 30 2 ?"                              | /cron             | cron_never_fires
          "cron": "0 0 12 1 1 ? 2025"                          | /cron             | cron_never_fires
          "cron": "0 0 12 1 1 ? 2200"                          | /cron             | cron_never_fires
          "cron": "0 0 12 * * ?", "dialect": "X"               | /dialect          | cron_dialect
          "cron": "0 0 12 * * ?", "dialect": "UNIX"            | /cron             | cron_fields
          "cron": "@every 1ms"                                 | /cron             | cron_macro
          "cron": "@every 0s"                                  | /cron             | interval_range
          "cron": "@daily", "dst": {"gap": "LATER"}            | /dst/gap          | value_unknown
          "cron": "@daily", "endAt": "2026-11-21T09:00:00Z"    | /endAt            | schedule_never_fires
          "type": "now", "endAt": "2026-01-01T00:00:00Z"       | /endAt            | schedule_never_fires
          "every": "PT0S"                                      | /every            | interval_range
          "every": 0                                           | /every            | interval_range
          "every": -1                                          | /every            | interval_range
          "every": "PT0.001S"                                  | /every            | interval_range
          "every": 9223372036854775808                         | /every            | interval_range
          "every": "PT9223372036854775808S"                    | /every            | interval_range
          "every": "P99999D"                                   | /every            | interval_range
          "every": "1h"                                        | /every            | duration_invalid
          "every": 5                                           | /every            | json_type
          "delay": "-PT1S"                                     | /delay            | delay_range
          "delay": "P"                                         | /delay            | duration_invalid
          "delay": "PT1S", "dst": {}                           | /dst              | field_not_for_type
          "delay": "PT1S", "timeZone": "UTC"                   | /timeZone         | field_not_for_type
          "delay": "PT1S", "maxRuns": -2                       | /maxRuns          | max_runs_range
          "delay": "PT1S", "jitter": "-PT1S"                   | /jitter           | jitter_range
          "delay": "PT1S", "calendars": ["holidays"]           | /calendars/0      | calendar_unknown
          "delay": "PT1S", "dely": 1                           | /dely             | field_unknown
          "every": "PT1S", "startAt": "2027-01-01T00:00:00Z", "endAt": "2026-12-01T00:00:00Z" | /endAt | end_before_start
          "every": "PT1S", "startAt": "2027-01-01T00:00:00"    | /startAt          | at_zone_required
          """)
  void a_fault_of_the_schedule_has_its_code_and_place(String members, String pointer, String code) {
    String place = "/schedule" + (pointer == null ? "" : pointer);
    read.one("{" + TARGET + ", \"schedule\": {" + members + "}}", place, code);
  }

  @Test
  void an_unknown_zone_gets_a_suggestion() {
    assertThat(
            read.faults(
                "{"
                    + TARGET
                    + ", \"schedule\": {\"cron\": \"@daily\", \"timeZone\": \"Europe/Amsterdan\"}}"))
        .singleElement()
        .satisfies(fault -> assertThat(fault.detail()).contains("'Europe/Amsterdam'"));
  }

  @ParameterizedTest
  @CsvSource({
    "2027-07-01T10:00:00, Europe/Berlin, 2027-07-01T08:00:00Z",
    "2027-03-28T02:30:00, Europe/Berlin, 2027-03-28T01:00:00Z",
    "2027-10-31T02:30:00, Europe/Berlin, 2027-10-31T00:30:00Z",
    "2027-07-01T10:00, +02:00, 2027-07-01T08:00:00Z",
    "2027-07-01T10:00:00, UTC+2, 2027-07-01T08:00:00Z",
    "2027-07-01T10:00:00.123456+02:00, Europe/Berlin, 2027-07-01T08:00:00.123Z",
    "2027-07-01t10:00:00z, UTC, 2027-07-01T10:00:00Z"
  })
  void a_local_time_is_the_instant_its_zone_says(String at, String zone, Instant expected) {
    Schedule.At schedule =
        (Schedule.At) read.schedule("\"at\": \"" + at + "\", \"timeZone\": \"" + zone + "\"");

    assertThat(schedule.at()).isEqualTo(expected);
    assertThat(schedule.zone()).isNotNull();
  }

  @Test
  void five_seconds_of_clock_difference_are_forgiven_and_the_past_can_be_allowed() {
    assertThat(read.schedule("\"at\": \"2026-11-21T07:59:55Z\"")).isInstanceOf(Schedule.At.class);
    assertThat(read.schedule("\"at\": \"2001-01-01T00:00:00Z\", \"allowPast\": true"))
        .isInstanceOf(Schedule.At.class);
  }

  @Test
  void an_anchor_and_an_offset_are_an_instant() {
    Schedule.At at =
        (Schedule.At) read.schedule("\"anchor\": \"2027-01-01T00:00:00Z\", \"offset\": \"-PT1H\"");

    assertThat(at.at()).isEqualTo("2026-12-31T23:00:00Z");
  }

  @Test
  void the_type_follows_from_the_one_field_that_names_it() {
    assertThat(read.schedule("\"delay\": \"PT10S\""))
        .isEqualTo(new Schedule.Delay(Duration.ofSeconds(10), Limits.NONE));
    assertThat(read.schedule("\"every\": \"P1W\""))
        .isEqualTo(new Schedule.FixedRate(Duration.ofDays(7), Limits.NONE));
    assertThat(read.schedule("\"type\": \"fixedDelay\", \"every\": \"PT1M\""))
        .isEqualTo(new Schedule.FixedDelay(Duration.ofMinutes(1), Limits.NONE));
    assertThat(read.schedule("\"cron\": \"@every 1h30m\""))
        .isEqualTo(new Schedule.FixedRate(Duration.ofMinutes(90), Limits.NONE));
    assertThat(read.schedule("\"cron\": \"0 12 * * 1-5\", \"timeZone\": \"Europe/London\""))
        .isEqualTo(
            new Schedule.Cron(
                "0 12 * * 1-5",
                "0 0 12 ? * MON-FRI",
                "UNIX",
                ZoneId.of("Europe/London"),
                DstPolicy.BY_RHYTHM,
                Limits.NONE));
  }

  @Test
  void a_window_is_read_with_its_defaults() {
    assertThat(read.schedule("\"from\": \"09:00\", \"to\": \"17:30:15\", \"every\": \"PT15M\""))
        .isEqualTo(
            new Schedule.DailyWindow(
                LocalTime.of(9, 0),
                LocalTime.of(17, 30, 15),
                Duration.ofMinutes(15),
                EnumSet.allOf(DayOfWeek.class),
                Zones.UTC,
                DstPolicy.BY_RHYTHM,
                Limits.NONE));
    assertThat(
            read.schedule(
                "\"type\": \"dailyWindow\", \"from\": \"09:00\", \"to\": \"09:00\","
                    + " \"every\": \"PT1H\", \"days\": [\"FRI\", \"MON\", \"FRI\"],"
                    + " \"timeZone\": \"Europe/Berlin\", \"dst\": {\"overlap\": \"BOTH\"}"))
        .isEqualTo(
            new Schedule.DailyWindow(
                LocalTime.of(9, 0),
                LocalTime.of(9, 0),
                Duration.ofHours(1),
                EnumSet.of(DayOfWeek.MONDAY, DayOfWeek.FRIDAY),
                ZoneId.of("Europe/Berlin"),
                new DstPolicy(null, DstPolicy.Overlap.BOTH),
                Limits.NONE));
  }

  @Test
  void a_window_without_a_zone_is_a_warning_and_jitter_and_clock_changes_are_none() {
    String window = "\"from\": \"09:00\", \"to\": \"10:00\", \"every\": \"PT1M\"";
    assertThat(read.warnings(read.job("{" + TARGET + ", \"schedule\": {" + window + "}}")))
        .containsExactly("no timeZone was given: the window is read in UTC");
    assertThat(
            read.warnings(
                read.job(
                    "{"
                        + TARGET
                        + ", \"schedule\": {\"cron\": \"@daily\", \"timeZone\": \"UTC\","
                        + " \"jitter\": \"PT1M\", \"dst\": {\"gap\": \"SKIP\"}}}")))
        .isEmpty();
  }

  @Test
  void a_zone_that_was_left_out_is_a_warning_and_a_zone_that_was_given_is_none() {
    assertThat(read.warnings(read.job(ReaderRig.cron(""))))
        .singleElement()
        .asString()
        .contains("read in UTC");
    assertThat(
            read.warnings(
                read.job(
                    "{"
                        + TARGET
                        + ", \"schedule\": {\"cron\": \"0 0 12 ? * 2-6\", \"timeZone\": \"UTC\"}}")))
        .singleElement()
        .asString()
        .contains("MON-FRI");
  }

  @Test
  void a_change_of_a_job_whose_instant_is_past_is_not_held_up_by_it() {
    Job job = read.job("{" + TARGET + ", \"schedule\": {\"at\": \"2026-11-21T09:00:00Z\"}}");
    JobReader later =
        new JobReader(new Rules(), InstantSource.fixed(Instant.parse("2027-01-01T00:00:00Z")));
    ObjectNode patched = new JobWriter().write(job).put("name", "renamed");
    Faults faults = new Faults();

    assertThat(later.read(patched, ID, faults, job)).isNotNull();
    assertThat(faults.list()).isEmpty();
    assertThat(later.read(patched, ID, faults)).isNull();
    assertThat(faults.list()).extracting(Fault::code).containsExactly("at_in_past");
  }
}
