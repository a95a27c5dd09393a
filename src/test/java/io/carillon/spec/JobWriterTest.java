package io.carillon.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.cron.DstPolicy;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Origin;
import io.carillon.job.Priority;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobWriterTest {
  private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
  private static final JobId ID = JobId.of("items-cleanup");
  private static final Limits LIMITS =
      new Limits(NOW, NOW.plus(Duration.ofDays(9)), 7, Duration.ofSeconds(3), List.of());

  private static final Duration WAIT = Duration.ofSeconds(7);

  private final JobWriter writer = new JobWriter();
  private final JobReader reader = new JobReader(new Rules(), InstantSource.fixed(NOW));

  static Stream<Schedule> schedules() {
    return Stream.of(
        new Schedule.Now(Limits.NONE),
        new Schedule.Delay(Duration.ZERO, LIMITS),
        new Schedule.At(NOW.plusSeconds(90), null, false, null, null, Limits.NONE),
        new Schedule.At(NOW.plusSeconds(90), ZoneId.of("Europe/Berlin"), true, null, null, LIMITS),
        new Schedule.At(
            NOW.plusSeconds(90),
            null,
            false,
            NOW.plusSeconds(190),
            Duration.ofSeconds(-100),
            Limits.NONE),
        new Schedule.FixedRate(Duration.ofMillis(1_500), LIMITS),
        new Schedule.FixedDelay(Duration.ofDays(1), Limits.NONE),
        new Schedule.Cron(
            "0 12 * * 1-5",
            "0 0 12 ? * MON-FRI",
            "UNIX",
            ZoneId.of("Europe/Berlin"),
            DstPolicy.BY_RHYTHM,
            LIMITS),
        new Schedule.Cron(
            "0 0 8 * * ?",
            "0 0 8 * * ?",
            "QUARTZ",
            ZoneId.of("+02:00"),
            DstPolicy.BY_RHYTHM,
            Limits.NONE),
        new Schedule.DailyWindow(
            LocalTime.of(9, 0),
            LocalTime.of(17, 0, 30),
            Duration.ofSeconds(90),
            EnumSet.of(DayOfWeek.SUNDAY, DayOfWeek.MONDAY),
            ZoneId.of("Europe/Berlin"),
            new DstPolicy(DstPolicy.Gap.SKIP, DstPolicy.Overlap.SECOND),
            LIMITS));
  }

  static Stream<Target> targets() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("X-B", "b");
    headers.put("X-A", "ä\"");
    return Stream.of(
        new Target.Log("a\nb"),
        new Target.Noop(),
        new Target.Email(
            List.of("a@x.example", "B <b@x.example>"),
            List.of("c@x.example"),
            List.of("d@x.example"),
            "me@x.example",
            "desk@x.example",
            "Hi",
            true,
            "<p>",
            Duration.ofSeconds(9)),
        new Target.Email(
            List.of("a@x.example"),
            List.of(),
            List.of(),
            null,
            null,
            "ä",
            false,
            "b\nc",
            Duration.ofSeconds(30)),
        new Target.Http("GET", "https://x.example/", Map.of(), null, Duration.ofMillis(100)),
        new Target.Http(
            "POST",
            "https://x.example/",
            headers,
            new Target.Body(true, "{\"a\":1.10,\"b\":[null,12345678901234567890]}"),
            Duration.ofSeconds(30)),
        new Target.Http(
            "PUT",
            "https://x.example/",
            Map.of(),
            new Target.Body(false, "{\"looks\": \"like JSON\"}"),
            Duration.ofSeconds(30)));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void what_is_stored_is_read_back_with_every_kind_of_schedule(Schedule schedule) {
    stored(Job.of(ID, new Target.Noop(), schedule));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void what_is_stored_is_read_back_with_every_kind_of_target(Target target) {
    stored(Job.of(ID, target, new Schedule.Now(Limits.NONE)));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void what_is_shown_is_read_back_with_every_kind_of_schedule(Schedule schedule) {
    shown(Job.of(ID, new Target.Noop(), schedule));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void what_is_shown_is_read_back_with_every_kind_of_target(Target target) {
    shown(Job.of(ID, target, new Schedule.Now(Limits.NONE)));
  }

  @Test
  void everything_a_body_can_say_survives_both_ways() {
    Job job = read(FullBody.TEXT);
    stored(job);
    shown(job);
    stored(
        job.withOrigin(
            new Origin(
                Origin.Call.SCHEDULE,
                Map.of("task", "x", "delaySeconds", 5, "deep", Arrays.asList(1, null, "a")))));
  }

  @Test
  void a_body_of_json_text_that_is_not_compact_is_stored_as_it_is() {
    Target target =
        new Target.Http(
            "POST",
            "https://x.example/",
            Map.of(),
            new Target.Body(true, "{ \"a\" : 1 }"),
            Duration.ofSeconds(1));
    stored(Job.of(ID, target, new Schedule.Now(Limits.NONE)));
  }

  @Test
  void jobs_that_end_alike_and_jobs_that_do_not_are_read_side_by_side() {
    for (int time = 0; time < 2; time++) {
      for (int n = 0; n < 5; n++) {
        Job job = Job.of(JobId.of("job-" + n), log("m" + n), new Schedule.Delay(WAIT, LIMITS));
        stored(job);
        stored(job.withOrigin(new Origin(Origin.Call.SCHEDULE, Map.of("delaySeconds", n))));
        stored(read(FullBody.TEXT));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {",\"catchUp\":{\"x\":1}", "\",\"catchUp\":{", ",\"catchUp\":{}}"})
  void what_looks_like_the_common_end_of_stored_texts_is_data(String text) {
    Map<String, Object> nested = Map.of("a", text, "catchUp", Map.of("policy", "SKIP"));
    stored(
        new Job(
            ID,
            text,
            text,
            "q",
            Priority.LOW,
            Map.of("catchUp", text, "z", text),
            new Target.Log(text),
            new Schedule.Now(Limits.NONE),
            Job.Policies.defaults(false),
            Map.of("async", nested),
            new Origin(Origin.Call.SCHEDULE, nested)));
  }

  /** Texts of ours have no object like that before the one that counts; one by hand may. */
  @Test
  void a_nested_object_before_the_common_end_is_no_seam() {
    Job job = Job.of(ID, log("m"), new Schedule.Now(Limits.NONE));
    String text = writer.store(job);
    String more = text.replace("\"target\":{", "\"target\":{\"n\":{\"m\":1,\"catchUp\":{}},");

    assertThat(more).isNotEqualTo(text);
    assertThat(writer.parse(ID, more)).isEqualTo(job);
  }

  private static Target log(String message) {
    return new Target.Log(message);
  }

  @Test
  void an_instant_that_is_past_by_now_is_loaded() {
    stored(
        Job.of(
            ID,
            new Target.Noop(),
            new Schedule.At(Instant.EPOCH, null, false, null, null, Limits.NONE)));
  }

  @Test
  void a_damaged_text_is_refused_with_the_id() {
    assertThatThrownBy(() -> writer.parse(ID, "{\"queue\":1}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("items-cleanup");
  }

  @Test
  void a_cron_job_is_shown_as_in_the_contract() {
    ObjectNode shown =
        writer.write(
            read(
                """
                {"name": "items-cleanup", "labels": {"team": "shop"},
                 "target": {"url": "https://x.example/api", "body": {"age": 30}},
                 "schedule": {"cron": "0 0 1 ? * SUN", "timeZone": "Europe/London"}}"""));

    assertThat(StrictJson.tree(StrictJson.text(shown)))
        .isEqualTo(
            StrictJson.tree(
                """
                {"id": "items-cleanup", "name": "items-cleanup", "description": null,
                 "queue": "default", "priority": "normal", "labels": {"team": "shop"},
                 "target": {"type": "http", "method": "POST", "url": "https://x.example/api",
                            "headers": {}, "body": {"age": 30}, "timeout": "PT30S"},
                 "schedule": {"type": "cron", "cron": "0 0 1 ? * SUN", "timeZone": "Europe/London",
                              "dst": null, "startAt": null, "endAt": null, "maxRuns": null,
                              "jitter": "PT0S", "calendars": []},
                 "catchUp": {"policy": "FIRE_ONCE", "after": "PT1M", "window": "PT1H", "max": 100},
                 "overlap": "SKIP",
                 "retry": {"maxAttempts": 5, "backoff": "EXPONENTIAL", "initial": "PT2S",
                           "factor": 2, "max": "PT10M", "jitter": 0.2,
                           "retryOn": ["408", "425", "429", "5xx", "NETWORK", "TIMEOUT"],
                           "stopOn": [], "maxAge": null},
                 "delivery": "AT_LEAST_ONCE", "expiresAfter": null, "callback": null,
                 "onSuccess": null, "onFailure": null, "dedupKey": null}"""));
  }

  private Job read(String text) {
    Faults faults = new Faults();
    Job job = reader.read(StrictJson.read(text.getBytes(StandardCharsets.UTF_8)), ID, faults);
    assertThat(faults.list()).isEmpty();
    assertThat(job).isNotNull();
    return job;
  }

  private void stored(Job job) {
    assertThat(writer.parse(job.id(), writer.store(job))).isEqualTo(job);
  }

  private void shown(Job job) {
    Faults faults = new Faults();
    Job read = reader.read(StrictJson.read(bytes(job)), ID, faults);
    assertThat(faults.list()).isEmpty();
    assertThat(StrictJson.text(writer.write(read))).isEqualTo(StrictJson.text(writer.write(job)));
    assertThat(read.schedule()).isEqualTo(job.schedule());
    assertThat(read.target()).isEqualTo(job.target());
    assertThat(read.policies()).isEqualTo(job.policies());
  }

  private byte[] bytes(Job job) {
    return StrictJson.text(writer.write(job)).getBytes(StandardCharsets.UTF_8);
  }
}
