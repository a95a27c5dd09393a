package io.carillon.secret;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.Sql;
import io.carillon.db.TestDatabase;
import io.carillon.execution.Secrets.NotRevealed;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Secret headers in stored definitions, when a key takes the place of another. */
class HeaderUpkeepTest {
  private static final int MANY = 1_200;
  @AutoClose private static final TestDatabase DATABASE = TestDatabase.create();

  private final AtomicLong nanos = new AtomicLong();
  private final HeaderUpkeep upkeep = upkeep("new", "old");

  private HeaderUpkeep upkeep(String... ids) {
    Keyring keys = SampleKeys.ring(ids);
    return new HeaderUpkeep(
        keys,
        new StoredSecrets(() -> DATABASE.database().dataSource(), keys, InstantSource.system()),
        nanos::get);
  }

  private static String spec(String job, String key) {
    JobId id = JobId.of(job);
    Keyring keys = SampleKeys.ring(key);
    String a = keys.seal("a-" + job, Place.of(id, "X-A")).text();
    String b = keys.seal("b-" + job, Place.of(id, "x-b")).text();
    return """
        {"name":"%s","target":{"headers":{},"body":{"json":true,\
        "text":"{\\"secretHeaders\\":{\\"X-A\\":\\"%s\\"}}"},\
        "secretHeaders":{"X-A":"%s","x-b":"%s"}},"catchUp":{}}"""
        .formatted(job, a, a, b);
  }

  @BeforeEach
  void fill() throws SQLException {
    try (Connection connection = DATABASE.database().dataSource().getConnection()) {
      Sql.update(connection, "DELETE FROM job");
      Sql.update(connection, "DELETE FROM job_version");
      List<List<@Nullable Object>> jobs = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        String id = "job-" + i;
        jobs.add(List.of(id, i % 400 == 7 ? spec(id, "old") : "{\"secretHeaders\":\"none\"}"));
      }
      Sql.insert(
          connection,
          """
          INSERT INTO job (namespace, id, queue, priority, origin, state, generation, version, spec,
            created_at, updated_at)
          VALUES ('default', ?, 'default', 5, 'CANONICAL', 'ACTIVE', 1, 3, ?, 0, 0)
          """,
          jobs);
      Sql.update(
          connection,
          """
          INSERT INTO job_version (namespace, id, version, generation, spec, valid_from)
          VALUES ('default', 'job-7', 1, 1, ?, 0), ('default', 'job-7', 2, 1, ?, 0)
          """,
          spec("job-7", "old"),
          spec("job-7", "old"));
    }
  }

  private List<String> specs(String table) throws SQLException {
    try (Connection connection = DATABASE.database().dataSource().getConnection()) {
      return Sql.query(
          connection,
          "SELECT spec FROM " + table + " WHERE spec LIKE '%X-A%' ORDER BY id",
          row -> row.getString(1));
    }
  }

  private static String opened(Keyring keys, String spec, String job, String header)
      throws NotRevealed {
    String sealed = spec.replaceFirst("(?s).*\"" + header + "\":\"([^\"]*)\".*", "$1");
    Place place = Place.of(JobId.of(job), header);
    return keys.open(Sealed.parse(sealed).orElseThrow(), place, header);
  }

  @Test
  void every_definition_and_every_older_version_of_it_is_encrypted_anew() throws Exception {
    for (int turn = 0; turn < 3; turn++) {
      upkeep.runOnce();
    }

    List<String> specs = new ArrayList<>(specs("job"));
    assertThat(specs).hasSize(3);
    specs.addAll(specs("job_version"));
    assertThat(specs).hasSize(5);
    Keyring fresh = SampleKeys.ring("new");
    for (String spec : specs) {
      String job = spec.replaceFirst("(?s).*\"name\":\"([^\"]*)\".*", "$1");
      assertThat(opened(fresh, spec, job, "X-A")).isEqualTo("a-" + job);
      assertThat(opened(fresh, spec, job, "x-b")).isEqualTo("b-" + job);
      // What merely looks like it, inside a body, is the user's.
      assertThat(spec).contains("{\\\"secretHeaders\\\":{\\\"X-A\\\":\\\"c1.old.");
    }
  }

  @Test
  void a_pass_rests_for_an_hour_and_comes_round_again() throws Exception {
    upkeep.runOnce();
    fill();
    upkeep.runOnce();
    assertThat(specs("job")).allMatch(spec -> spec.contains("\"X-A\":\"c1.old."));
    nanos.addAndGet(Duration.ofHours(1).toNanos());
    upkeep.runOnce();
    assertThat(specs("job")).noneMatch(spec -> spec.contains("\"X-A\":\"c1.old."));
  }

  @Test
  void with_one_key_there_is_nothing_to_do() {
    assertThat(upkeep("new").isNeeded()).isFalse();
    assertThat(upkeep.isNeeded()).isTrue();
  }

  @Test
  void what_does_not_open_is_left_as_it_is() {
    String moved = spec("job-7", "old");
    assertThat(upkeep.renewed(JobId.of("job-8"), moved)).isEqualTo(moved);
    String unknown = spec("job-7", "lost");
    assertThat(upkeep.renewed(JobId.of("job-7"), unknown)).isEqualTo(unknown);
    String strange = "{\"secretHeaders\":{\"X-A\":\"c1.old." + "A".repeat(41) + "\"}}";
    assertThat(upkeep.renewed(JobId.of("job-7"), strange)).isEqualTo(strange);
  }
}
