package io.carillon.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.job.CatchUp;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Overlap;
import io.carillon.job.RetryPolicy;
import io.carillon.job.RetryPolicy.Backoff;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobReaderTest {
  private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
  private static final JobId ID = JobId.of("j1");
  private static final String TARGET = "\"target\": {\"url\": \"https://x.example/\"}";

  private final JobReader reader = new JobReader(new Rules(), InstantSource.fixed(NOW));

  @Test
  void a_target_alone_is_a_job_with_all_defaults() {
    Job job = job("{" + TARGET + "}");

    Target target =
        new Target.Http("POST", "https://x.example/", Map.of(), null, Duration.ofSeconds(30));
    assertThat(job).isEqualTo(Job.of(ID, target, new Schedule.Now(Limits.NONE)));
    assertThat(job.policies().overlap()).isEqualTo(Overlap.ALLOW);
    assertThat(reader.warnings(job)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "name": ""                          | /name                | name_empty
          "name": "  "                        | /name                | name_blank
          "name": "a "                        | /name                | name_trailing_blank
          "name": "a\\u0007b"                 | /name                | name_control
          "name": "a\\u202Eb"                 | /name                | name_bidi
          "name": "a\\u200Bb"                 | /name                | name_zero_width
          "name": "a\\u200Db"                 | /name                | name_zero_width
          "name": 3                           | /name                | json_type
          "queue": ""                         | /queue               | name_empty
          "priority": "urgent"                | /priority            | value_unknown
          "labels": {"": "x"}                 | /labels/             | label_name
          "labels": {"a": 1}                  | /labels/a            | json_type
          "labels": {"a": "\\u0000"}          | /labels/a            | label_value
          "labels": []                        | /labels              | json_type
          "shedule": {}                       | /shedule             | field_unknown
          "a/b~c": 1                          | /a~1b~0c             | field_unknown
          "id": "other"                       | /id                  | id_mismatch
          "delivery": "AT_MOST_ONCE"          | /delivery            | delivery_unsupported
          "delivery": "ONCE"                  | /delivery            | value_unknown
          "overlap": "skip"                   | /overlap             | value_unknown
          "expiresAfter": "PT0S"              | /expiresAfter        | expires_range
          "expiresAfter": "soon"              | /expiresAfter        | duration_invalid
          "catchUp": {"max": 0}               | /catchUp/max         | catch_up_range
          "catchUp": {"policy": "NONE"}       | /catchUp/policy      | value_unknown
          "catchUp": {"windo": "PT1H"}        | /catchUp/windo       | field_unknown
          "retry": {"maxAttempts": 10000}     | /retry/maxAttempts   | retry_range
          "retry": {"maxAttempts": 0}         | /retry/maxAttempts   | retry_range
          "retry": {"maxAttempts": "3"}       | /retry/maxAttempts   | json_type
          "retry": {"factor": "NaN"}          | /retry/factor        | json_type
          "retry": {"factor": 0.5}            | /retry/factor        | retry_range
          "retry": {"jitter": 1.1}            | /retry/jitter        | retry_range
          "retry": {"initial": "PT5S", "max": "PT1S"} | /retry/max   | retry_range
          "retry": {"initial": "-PT1S"}       | /retry/initial       | retry_range
          "retry": {"backoff": "LIST"}        | /retry/delays        | field_required
          "retry": {"backoff": "LIST", "delays": ["x"]} | /retry/delays/0 | retry_range
          "retry": {"retryOn": ["6xx"]}       | /retry/retryOn/0     | retry_word
          "retry": {"retryOn": [500]}         | /retry/retryOn/0     | json_type
          "retries": "3"                      | /retries             | field_unknown
          "callback": {}                      | /callback/url        | field_required
          "callback": {"url": "ftp://x"}      | /callback/url        | url_scheme
          "callback": {"url": "https://x", "on": ["DONE"]} | /callback/on | value_unknown
          "callback": {"url": "https://x", "secret": "s"} | /callback/secret | secrets_unavailable
          "onSuccess": {}                     | /onSuccess           | json_type
          "onSuccess": [{}]                   | /onSuccess/0/job     | link_ambiguous
          "onFailure": [{"job": "a/b"}]       | /onFailure/0/job     | job_id_invalid
          "dedup": {"ttl": "PT1S"}            | /dedup/key           | field_required
          "dedup": {"key": "k", "mode": "X"}  | /dedup/mode          | value_unknown
          "throttle": {"key": "k"}            | /throttle/per        | field_required
          "debounce": {"key": "k", "wait": 5} | /debounce/wait       | json_type
          "concurrency": {"perJob": 0}        | /concurrency/perJob  | concurrency_range
          "success": {"statuses": ["ok"]}     | /success/statuses/0  | status_invalid
          "success": {"bodyMatches": "("}     | /success/bodyMatches | regex_invalid
          "dedupKey": " "                     | /dedupKey            | key_invalid
          """)
  void a_fault_of_the_job_has_its_code_and_place(String member, String pointer, String code) {
    one("{" + TARGET + ", " + member + "}", pointer, code);
  }

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
          "type": "dailyWindow", "from": "09:00"               | /type             | schedule_type_unsupported
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
    one("{" + TARGET + ", \"schedule\": {" + members + "}}", place, code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "type": "http"                                   | /url                  | field_required
          "url": null                                      | /url                  | field_required
          "url": 5                                         | /url                  | json_type
          "url": "gopher://x"                              | /url                  | url_scheme
          "type": "email", "to": "a@x.example"             | /type                 | target_type_unsupported
          "type": "htp"                                    | /type                 | target_type_unknown
          "url": "https://x", "method": "get"              | /method               | method_not_allowed
          "url": "https://x", "method": "TRACE"            | /method               | method_not_allowed
          "url": "https://x", "method": "GET\\r\\nX: y"    | /method               | method_not_allowed
          "url": "https://x", "method": "GET", "body": {}  | /body                 | body_not_allowed
          "url": "https://x", "headers": {"Host": "y"}     | /headers/Host         | header_reserved
          "url": "https://x", "headers": {"a": 1}          | /headers/a            | json_type
          "url": "https://x", "timeout": "PT0S"            | /timeout              | timeout_range
          "url": "https://x", "timeout": 0                 | /timeout              | timeout_range
          "url": "https://x", "timeout": "-PT1S"           | /timeout              | timeout_range
          "url": "https://x", "timeout": "P1D"             | /timeout              | timeout_range
          "url": "https://x", "timeout": "30"              | /timeout              | duration_invalid
          "url": "https://x", "auth": {"type": "BASIC"}    | /auth                 | secrets_unavailable
          "url": "https://x", "secretHeaders": {"a": "b"}  | /secretHeaders        | secrets_unavailable
          "url": "https://x", "async": {}                  | /async/timeout        | field_required
          "url": "https://x", "message": "m"               | /message              | field_unknown
          "type": "log"                                    | /message              | field_required
          "type": "noop", "url": "https://x"               | /url                  | field_unknown
          """)
  void a_fault_of_the_target_has_its_code_and_place(String members, String pointer, String code) {
    one("{\"target\": {" + members + "}}", "/target" + pointer, code);
  }

  @Test
  void sizes_are_bounded() {
    one("{" + TARGET + ", \"name\": \"" + "é".repeat(191) + "\"}", "/name", "name_too_long");
    one(
        "{" + TARGET + ", \"description\": \"" + "x".repeat(251) + "\"}",
        "/description",
        "description_too_long");
    one(
        "{\"target\": {\"url\": \"https://x\", \"body\": \"" + "é".repeat(131_073) + "\"}}",
        "/target/body",
        "payload_too_large");
    StringBuilder labels = new StringBuilder();
    for (int n = 0; n < 1_001; n++) {
      labels.append(n == 0 ? "" : ",").append("\"l").append(n).append("\": \"\"");
    }
    one("{" + TARGET + ", \"labels\": {" + labels + "}}", "/labels", "labels_too_many");
  }

  @Test
  void all_faults_are_told_together() {
    List<Fault> faults =
        faults(
            """
            {"name": "", "queue": 1, "prioriti": "high", "labels": {"a": 1, "b": 2},
             "target": {"url": "ftp://x", "method": "get", "timeout": "PT0S", "headers": {"Host": "x"}},
             "schedule": {"type": "cron", "cron": "61 * * * * ?", "timeZone": "Nowhere", "maxRuns": 0,
               "startAt": "x"},
             "retry": {"maxAttempts": 1000, "jitter": 2}, "overlap": "X", "callback": {"url": "x"}}""");

    assertThat(faults)
        .extracting(Fault::pointer)
        .containsExactlyInAnyOrder(
            "/name",
            "/queue",
            "/labels/a",
            "/labels/b",
            "/target/url",
            "/target/method",
            "/target/headers/Host",
            "/target/timeout",
            "/schedule/timeZone",
            "/schedule/startAt",
            "/schedule/maxRuns",
            "/schedule/cron",
            "/retry/maxAttempts",
            "/retry/jitter",
            "/overlap",
            "/callback/url",
            "/prioriti");
  }

  @Test
  void a_missing_target_is_required() {
    one("{}", "/target", "field_required");
    one("{\"target\": null}", "/target", "field_required");
    one("{\"target\": []}", "/target", "json_type");
  }

  @ParameterizedTest
  @CsvSource({
    "shedule, did you mean 'schedule'",
    "traget, did you mean 'target'",
    "Name, did you mean 'name'"
  })
  void an_unknown_field_gets_a_suggestion(String field, String words) {
    assertThat(faults("{" + TARGET + ", \"" + field + "\": 1}"))
        .anySatisfy(fault -> assertThat(fault.detail()).contains(words));
  }

  @Test
  void an_unknown_zone_gets_a_suggestion() {
    assertThat(
            faults(
                "{"
                    + TARGET
                    + ", \"schedule\": {\"cron\": \"@daily\", \"timeZone\": \"Europe/Amsterdan\"}}"))
        .singleElement()
        .satisfies(fault -> assertThat(fault.detail()).contains("'Europe/Amsterdam'"));
  }

  @Test
  void what_an_answer_shows_can_be_sent_back() {
    Job job =
        job(
            "{"
                + TARGET
                + ", \"id\": \"j1\", \"state\": \"ACTIVE\", \"nextFireTime\": null, \"version\": 3,"
                + " \"warnings\": [], \"createdAt\": \"x\", \"updatedAt\": \"x\", \"generation\": 1,"
                + " \"runs\": 4}");

    assertThat(job.id()).isEqualTo(ID);
  }

  @Test
  void null_counts_as_absent() {
    assertThat(
            job(
                "{"
                    + TARGET
                    + ", \"name\": null, \"queue\": null, \"labels\": null, \"schedule\": null,"
                    + " \"retry\": null, \"catchUp\": null, \"overlap\": null, \"callback\": null}"))
        .isEqualTo(job("{" + TARGET + "}"));
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
        (Schedule.At) schedule("\"at\": \"" + at + "\", \"timeZone\": \"" + zone + "\"");

    assertThat(schedule.at()).isEqualTo(expected);
    assertThat(schedule.zone()).isNotNull();
  }

  @Test
  void five_seconds_of_clock_difference_are_forgiven_and_the_past_can_be_allowed() {
    assertThat(schedule("\"at\": \"2026-11-21T07:59:55Z\"")).isInstanceOf(Schedule.At.class);
    assertThat(schedule("\"at\": \"2001-01-01T00:00:00Z\", \"allowPast\": true"))
        .isInstanceOf(Schedule.At.class);
  }

  @Test
  void an_anchor_and_an_offset_are_an_instant() {
    Schedule.At at =
        (Schedule.At) schedule("\"anchor\": \"2027-01-01T00:00:00Z\", \"offset\": \"-PT1H\"");

    assertThat(at.at()).isEqualTo("2026-12-31T23:00:00Z");
  }

  @Test
  void the_type_follows_from_the_one_field_that_names_it() {
    assertThat(schedule("\"delay\": \"PT10S\""))
        .isEqualTo(new Schedule.Delay(Duration.ofSeconds(10), Limits.NONE));
    assertThat(schedule("\"every\": \"P1W\""))
        .isEqualTo(new Schedule.FixedRate(Duration.ofDays(7), Limits.NONE));
    assertThat(schedule("\"type\": \"fixedDelay\", \"every\": \"PT1M\""))
        .isEqualTo(new Schedule.FixedDelay(Duration.ofMinutes(1), Limits.NONE));
    assertThat(schedule("\"cron\": \"@every 1h30m\""))
        .isEqualTo(new Schedule.FixedRate(Duration.ofMinutes(90), Limits.NONE));
    assertThat(schedule("\"cron\": \"0 12 * * 1-5\", \"timeZone\": \"Europe/London\""))
        .isEqualTo(
            new Schedule.Cron(
                "0 12 * * 1-5",
                "0 0 12 ? * MON-FRI",
                "UNIX",
                ZoneId.of("Europe/London"),
                Map.of(),
                Limits.NONE));
  }

  @Test
  void recurring_jobs_skip_overlaps_and_may_say_otherwise() {
    assertThat(job(cron("")).policies().overlap()).isEqualTo(Overlap.SKIP);
    assertThat(job(cron(", \"overlap\": \"ALLOW\"")).policies().overlap()).isEqualTo(Overlap.ALLOW);
    assertThat(job(cron(", \"catchUp\": {\"window\": \"PT2H\"}")).policies().catchUp())
        .isEqualTo(
            new CatchUp(
                CatchUp.Policy.FIRE_ONCE, Duration.ofSeconds(60), Duration.ofHours(2), 100));
  }

  @Test
  void a_retry_of_which_only_a_part_is_said_has_the_defaults_for_the_rest() {
    assertThat(retry("\"maxAttempts\": 3"))
        .isEqualTo(RetryPolicy.exponential(3, Duration.ofSeconds(2)));
    assertThat(retry("\"backoff\": \"FIXED\", \"maxAttempts\": 2, \"initial\": \"PT1S\""))
        .isEqualTo(RetryPolicy.fixed(2, Duration.ofSeconds(1)));
    assertThat(retry("\"initial\": \"PT1H\"").max()).isEqualTo(Duration.ofHours(1));
    assertThat(retry("\"max\": \"PT1S\"").initial()).isEqualTo(Duration.ofSeconds(1));
    assertThat(retry("\"backoff\": \"LIST\", \"delays\": [\"PT1S\"]").backoff())
        .isEqualTo(Backoff.LIST);
  }

  @Test
  void a_zone_that_was_left_out_is_a_warning_and_a_zone_that_was_given_is_none() {
    assertThat(reader.warnings(job(cron("")))).singleElement().asString().contains("read in UTC");
    assertThat(
            reader.warnings(
                job(
                    "{"
                        + TARGET
                        + ", \"schedule\": {\"cron\": \"0 0 12 ? * 2-6\", \"timeZone\": \"UTC\"}}")))
        .singleElement()
        .asString()
        .contains("MON-FRI");
  }

  @Test
  void fields_without_effect_say_so() {
    Job job = job("{" + TARGET + ", \"onSuccess\": [{\"job\": \"next\"}]}");

    assertThat(reader.warnings(job)).singleElement().asString().contains("onSuccess");
    assertThat(job.later()).containsKey("onSuccess");
  }

  @Test
  void a_change_of_a_job_whose_instant_is_past_is_not_held_up_by_it() {
    Job job = job("{" + TARGET + ", \"schedule\": {\"at\": \"2026-11-21T09:00:00Z\"}}");
    JobReader later =
        new JobReader(new Rules(), InstantSource.fixed(Instant.parse("2027-01-01T00:00:00Z")));
    ObjectNode patched = new JobWriter().write(job).put("name", "renamed");
    Faults faults = new Faults();

    assertThat(later.read(patched, ID, faults, job)).isNotNull();
    assertThat(faults.list()).isEmpty();
    assertThat(later.read(patched, ID, faults)).isNull();
    assertThat(faults.list()).extracting(Fault::code).containsExactly("at_in_past");
  }

  private static String cron(String more) {
    return "{" + TARGET + ", \"schedule\": {\"cron\": \"0 0 12 * * ?\"}" + more + "}";
  }

  private RetryPolicy retry(String members) {
    return job("{" + TARGET + ", \"retry\": {" + members + "}}").policies().retry();
  }

  private Schedule schedule(String members) {
    return job("{" + TARGET + ", \"schedule\": {" + members + "}}").schedule();
  }

  private Job job(String text) {
    Faults faults = new Faults();
    Job job = reader.read(tree(text), ID, faults);
    assertThat(faults.list()).isEmpty();
    assertThat(job).isNotNull();
    return job;
  }

  private List<Fault> faults(String text) {
    Faults faults = new Faults();
    assertThat(reader.read(tree(text), ID, faults)).isNull();
    return faults.list();
  }

  private void one(String text, String pointer, String code) {
    assertThat(faults(text))
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.code()).isEqualTo(code);
              assertThat(fault.pointer()).isEqualTo(pointer);
              assertThat(fault.detail()).isNotBlank();
            });
  }

  private static ObjectNode tree(String text) {
    return StrictJson.read(text.getBytes(StandardCharsets.UTF_8));
  }
}
