package io.carillon.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.db.Sql;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * After a change the jobs that name a calendar are planned anew, all of them, also over a crash.
 */
class CalendarChangesTest {
  @AutoClose private static CalendarDatabase database;
  private final List<JobId> planned = new ArrayList<>();
  private final List<Integer> chunks = new ArrayList<>();
  private final CalendarChanges changes =
      new CalendarChanges(
          database.dataSource(),
          jobs -> {
            planned.addAll(jobs);
            chunks.add(jobs.size());
          });

  @BeforeAll
  static void open() {
    database = new CalendarDatabase();
  }

  @BeforeEach
  void empty() {
    database.update("DELETE FROM calendar");
    database.update("DELETE FROM job_calendar");
    database.update("DELETE FROM job");
  }

  private static void jobs(int from, int to) {
    for (int i = from; i < to; i++) {
      database.job("j%04d".formatted(i), "ACTIVE", "holidays");
    }
  }

  private static String progress() {
    return database.one(
        "SELECT CONCAT(replanned_version, ' of ', version, ' ', replanned_job) FROM calendar");
  }

  @Test
  void every_live_job_that_names_it_has_its_turn_once() {
    database.put("holidays", "\"dates\": [\"2026-12-24\"]");
    database.put("others", "\"dates\": [\"2026-12-24\"]");
    jobs(0, 3);
    database.job("paused", "PAUSED", "holidays");
    database.job("over", "COMPLETED", "holidays");

    assertThat(changes.runOnce()).isEqualTo(4);
    assertThat(planned)
        .extracting(JobId::value)
        .containsExactly("j0000", "j0001", "j0002", "paused");
    assertThat(changes.runOnce()).isZero();
    database.put("holidays", "\"dates\": [\"2026-12-25\"]");
    assertThat(changes.runOnce()).isEqualTo(4);
    database.put("holidays", "\"dates\": [\"2026-12-25\"]");
    assertThat(changes.runOnce()).isZero();
  }

  @Test
  void many_jobs_come_in_chunks() {
    database.put("holidays", "\"dates\": [\"2026-12-24\"]");
    jobs(0, 450);
    while (changes.runOnce() > 0) {
      assertThat(chunks).allMatch(size -> size <= CalendarChanges.CHUNK);
    }

    assertThat(planned).hasSize(450).doesNotHaveDuplicates();
    assertThat(progress()).isEqualTo("1 of 1 ");
  }

  @Test
  void whoever_goes_on_after_a_crash_begins_where_it_was() {
    database.put("holidays", "\"dates\": [\"2026-12-24\"]");
    jobs(0, 450);
    CalendarChanges dying =
        new CalendarChanges(
            database.dataSource(),
            jobs -> {
              if (jobs.contains(JobId.of("j0300"))) {
                throw new StoreUnavailable("the node dies", null);
              }
            });

    assertThatThrownBy(dying::runOnce).isInstanceOf(StoreUnavailable.class);
    assertThat(progress()).isEqualTo("0 of 1 j0199");
    while (progress().startsWith("0")) {
      changes.runOnce();
    }
    assertThat(planned).hasSize(250);
  }

  @Test
  void a_change_on_the_way_gives_all_of_them_another_turn() {
    database.put("holidays", "\"dates\": [\"2026-12-24\"]");
    jobs(0, 250);
    List<JobId> seen = new ArrayList<>();
    CalendarChanges overtaken =
        new CalendarChanges(
            database.dataSource(),
            jobs -> {
              if (seen.isEmpty()) {
                database.put("holidays", "\"dates\": [\"2026-12-25\"]");
              }
              seen.addAll(jobs);
            });
    overtaken.runOnce();

    assertThat(progress()).isEqualTo("0 of 2 ");
    while (progress().startsWith("0")) {
      changes.runOnce();
    }
    assertThat(planned).hasSize(250);
  }

  @Test
  void a_calendar_whose_jobs_fail_holds_up_no_other() {
    database.put("bad", "\"dates\": [\"2026-12-24\"]");
    database.put("holidays", "\"dates\": [\"2026-12-24\"]");
    database.job("poison", "ACTIVE", "bad");
    jobs(0, 1);
    CalendarChanges some =
        new CalendarChanges(
            database.dataSource(),
            jobs -> {
              if (jobs.contains(JobId.of("poison"))) {
                throw new IllegalStateException("a defect");
              }
              planned.addAll(jobs);
            });

    assertThat(some.runOnce()).isEqualTo(1);
    assertThat(planned).containsExactly(JobId.of("j0000"));
  }

  @Test
  void one_node_works_at_a_time() throws SQLException {
    database.put("holidays", "\"dates\": [\"2026-12-24\"]");
    jobs(0, 1);
    try (Connection other = database.dataSource().getConnection()) {
      Sql.query(
          other,
          "SELECT GET_LOCK(CONCAT('carillon.calendars.', MD5(DATABASE())), 0)",
          row -> row.getInt(1));
      assertThat(changes.runOnce()).isZero();
      Sql.update(other, "DO RELEASE_LOCK(CONCAT('carillon.calendars.', MD5(DATABASE())))");
    }
    assertThat(changes.runOnce()).isEqualTo(1);
  }
}
