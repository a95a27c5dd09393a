package io.carillon.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Schedule;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** A reader on the morning of 2026-11-21, as tests ask it. */
final class ReaderRig {
  private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
  static final JobId ID = JobId.of("j1");
  static final String TARGET = "\"target\": {\"url\": \"https://x.example/\"}";

  private final JobReader reader = new JobReader(new Rules(), InstantSource.fixed(NOW));

  /** The job of a text without a fault. */
  Job job(String text) {
    Faults faults = new Faults();
    Job job = reader.read(tree(text), ID, faults);
    assertThat(faults.list()).isEmpty();
    assertThat(job).isNotNull();
    return job;
  }

  /** The schedule with these members, of a job without a fault. */
  Schedule schedule(String members) {
    return job("{" + TARGET + ", \"schedule\": {" + members + "}}").schedule();
  }

  /** The faults of a text that has some. */
  List<Fault> faults(String text) {
    Faults faults = new Faults();
    assertThat(reader.read(tree(text), ID, faults)).isNull();
    return faults.list();
  }

  /** The text has this fault and no other. */
  void one(String text, String pointer, String code) {
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

  /** A recurring job in no zone, with more members. */
  static String cron(String more) {
    return "{" + TARGET + ", \"schedule\": {\"cron\": \"0 0 12 * * ?\"}" + more + "}";
  }

  List<String> warnings(Job job) {
    return reader.warnings(job);
  }
}
