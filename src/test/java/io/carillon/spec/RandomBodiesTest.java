package io.carillon.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Valid bodies, damaged at random places with random values. */
class RandomBodiesTest {
  private static final JobId ID = JobId.of("j");
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "0",
          "-1",
          "3",
          "1.5",
          "9223372036854775808",
          "1e300",
          "\"\"",
          "\" \"",
          "\"x\"",
          "[]",
          "{}",
          "[1]",
          "[\"5xx\"]",
          "[{}]",
          "{\"a\":1}",
          "\"PT1S\"",
          "\"-PT1S\"",
          "\"PT0S\"",
          "\"P99999999D\"",
          "\"PT99999999999999999999S\"",
          "\"2027-01-01T00:00:00Z\"",
          "\"2027-01-01T00:00\"",
          "\"-999999999-01-01T00:00:00Z\"",
          "\"9999-12-31T23:59:59.999Z\"",
          "\"at\"",
          "\"delay\"",
          "\"cron\"",
          "\"fixedRate\"",
          "\"fixedDelay\"",
          "\"now\"",
          "\"@daily\"",
          "\"@every 5m\"",
          "\"* * * * *\"",
          "\"0 0 12 ? * 2-6 2030\"",
          "\"UNIX\"",
          "\"Europe/Berlin\"",
          "\"+14:00\"",
          "\"LIST\"",
          "\"NONE\"",
          "\"GET\"",
          "\"log\"",
          "\"noop\"",
          "\"https://y\"");

  private final JobReader reader =
      new JobReader(new Rules(), InstantSource.fixed(Instant.parse("2026-11-21T08:00:00Z")));
  private final JobWriter writer = new JobWriter();

  @Test
  void a_body_is_a_job_or_has_faults_and_every_job_survives_both_ways() {
    Random random = new Random(42);
    long begin = System.nanoTime();
    int jobs = 0;
    for (int n = 0; n < 20_000; n++) {
      ObjectNode body = BODIES.get(random.nextInt(BODIES.size())).deepCopy();
      for (int i = random.nextInt(4); i >= 0; i--) {
        damage(body, random);
      }
      Faults faults = new Faults();
      Job job = reader.read(body, ID, faults);
      assertThat(job == null).as("%s %s", body, faults.list()).isEqualTo(!faults.isEmpty());
      if (job != null) {
        jobs++;
        survives(job, body);
      }
    }
    assertThat(jobs).isBetween(1_000, 19_000);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(40));
  }

  private void survives(Job job, ObjectNode body) {
    assertThat(writer.parse(ID, writer.store(job))).as("%s", body).isEqualTo(job);
    Faults faults = new Faults();
    byte[] shown = StrictJson.text(writer.write(job)).getBytes(StandardCharsets.UTF_8);
    Job again = reader.read(StrictJson.read(shown), ID, faults, job);
    assertThat(faults.list()).as("%s", body).isEmpty();
    assertThat(again.schedule()).isEqualTo(job.schedule());
    assertThat(again.target()).isEqualTo(job.target());
    assertThat(again.policies()).isEqualTo(job.policies());
    assertThat(reader.warnings(job)).doesNotContainNull();
  }

  private static void damage(ObjectNode body, Random random) {
    List<ContainerNode<?>> places = new ArrayList<>();
    collect(body, places);
    ContainerNode<?> place = places.get(random.nextInt(places.size()));
    JsonNode value = StrictJson.tree(VALUES.get(random.nextInt(VALUES.size())));
    if (place instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      if (!names.isEmpty()) {
        String name = names.get(random.nextInt(names.size()));
        if (random.nextInt(3) == 0) {
          object.remove(name);
        } else {
          object.set(name, value);
        }
      }
    } else if (place instanceof ArrayNode array) {
      array.add(value);
    }
  }

  private static void collect(JsonNode node, List<ContainerNode<?>> places) {
    if (node instanceof ContainerNode<?> container) {
      places.add(container);
      container.forEach(child -> collect(child, places));
    }
  }

  private static final List<ObjectNode> BODIES =
      List.of(
          tree(FullBody.TEXT),
          tree(
              """
              {"target": {"url": "https://x", "timeout": "PT1S", "body": [1]},
               "schedule": {"type": "at", "at": "2027-01-01T00:00:00", "timeZone": "Asia/Tokyo",
                 "allowPast": false, "startAt": "2026-12-01T00:00:00Z", "endAt": null}}"""),
          tree(
              """
              {"target": {"type": "log", "message": "m"},
               "schedule": {"anchor": "2027-01-01T00:00:00Z", "offset": "-PT1H"}}"""),
          tree(
              """
              {"target": {"type": "noop"}, "queue": "q",
               "schedule": {"type": "fixedRate", "every": "PT5S", "startAt": "2027-01-01T00:00:00Z",
                 "endAt": "2028-01-01T00:00:00Z", "maxRuns": 5, "jitter": "PT1S"},
               "retry": {"maxAttempts": 3, "initial": "PT1S", "max": "PT1M", "jitter": 0.5, "factor": 3,
                 "backoff": "FIXED", "delays": [], "retryOn": [], "stopOn": [], "maxAge": "PT1H"}}"""));

  private static ObjectNode tree(String text) {
    return (ObjectNode) StrictJson.tree(text);
  }
}
