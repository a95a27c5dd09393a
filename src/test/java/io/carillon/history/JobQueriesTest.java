package io.carillon.history;

import static io.carillon.history.HistoryDatabase.NOON;
import static io.carillon.history.HistoryDatabase.anyId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.db.Sql;
import io.carillon.job.Job;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.Jobs.BadCursor;
import io.carillon.job.Jobs.Filter;
import io.carillon.job.Jobs.Page;
import io.carillon.job.SampleJob;
import io.carillon.job.StoredJob;
import java.sql.SQLTransientConnectionException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JobQueriesTest {
  @AutoClose private static HistoryDatabase database;
  private static JobQueries jobs;
  private static final Map<JobId, Instant> NEXT = new HashMap<>();

  /** Each test lists a namespace of its own. */
  private final String namespace = "n-" + UUID.randomUUID();

  @BeforeAll
  static void open() {
    database = new HistoryDatabase();
    jobs = new JobQueries(database.dataSource(), database.codec, ids -> NEXT);
  }

  private Filter all() {
    return new Filter(namespace, null, null, null, null, Map.of());
  }

  private JobId id(String value) {
    return new JobId(namespace, value);
  }

  private static void store(Job job, Instant at) {
    database.stored(job, at);
  }

  private Job job(String id, String queue, Map<String, String> labels, String scheduler) {
    return SampleJob.like(HistoryDatabase.noop(id(id)))
        .name("name of " + id)
        .queue(queue)
        .labels(labels)
        .scheduler(scheduler)
        .build();
  }

  private List<String> ids(Filter filter) {
    return jobs.list(filter, null, 100).items().stream().map(j -> j.id().value()).toList();
  }

  @Test
  void a_job_is_found_with_its_next_instant_while_it_is_active() {
    JobId id = database.storedNoop();
    NEXT.put(id, NOON.plusSeconds(60));

    assertThat(jobs.find(id).orElseThrow().nextFireTime()).isEqualTo(NOON.plusSeconds(60));
    database.transaction(
        c -> Sql.update(c, "UPDATE job SET state = 'CANCELLED' WHERE id = ?", id.value()));
    assertThat(jobs.find(id).orElseThrow().nextFireTime()).isNull();
  }

  @Test
  void an_absent_job_is_not_found() {
    assertThat(jobs.find(anyId())).isEmpty();
  }

  @Test
  void pages_give_every_job_once_newest_first_while_jobs_are_added_and_removed() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      // Five share each millisecond.
      store(HistoryDatabase.noop(id("job-%02d".formatted(i))), NOON.plusMillis(i / 5));
      expected.add("job-%02d".formatted(i));
    }
    expected.sort(Comparator.reverseOrder());
    List<String> seen = new ArrayList<>();
    String cursor = null;
    int added = 0;
    do {
      Page<StoredJob> page = jobs.list(all(), cursor, 4);
      page.items().forEach(job -> seen.add(job.id().value()));
      cursor = page.nextCursor();
      store(HistoryDatabase.noop(id("new-" + added++)), NOON.plusSeconds(1));
      String gone = page.items().get(0).id().value();
      database.transaction(c -> Sql.update(c, "DELETE FROM job WHERE id = ?", gone));
    } while (cursor != null);

    assertThat(seen).isEqualTo(expected);
  }

  @Test
  void a_page_that_is_exactly_full_is_the_last() {
    store(HistoryDatabase.noop(id("a")), NOON);
    store(HistoryDatabase.noop(id("b")), NOON);

    assertThat(jobs.list(all(), null, 2).nextCursor()).isNull();
    assertThat(jobs.list(all(), null, 1).nextCursor()).matches("[A-Za-z0-9_-]+");
  }

  @Test
  void filters_narrow_a_list() {
    store(job("a", "q1", Map.of("env", "prod", "team", "x"), "s1"), NOON);
    store(job("b", "q1", Map.of("env", "prod", "team", "y"), "s2"), NOON);
    store(job("c", "q2", Map.of("env", "test"), "s2"), NOON);
    database.transaction(
        c ->
            Sql.update(
                c,
                "UPDATE job SET state = 'CANCELLED' WHERE namespace = ? AND id = 'c'",
                namespace));

    assertThat(ids(all())).containsExactly("c", "b", "a");
    assertThat(ids(new Filter(namespace, JobState.CANCELLED, null, null, null, Map.of())))
        .containsExactly("c");
    assertThat(ids(new Filter(namespace, null, "q1", null, null, Map.of())))
        .containsExactly("b", "a");
    assertThat(ids(new Filter(namespace, null, null, "name of b", null, Map.of())))
        .containsExactly("b");
    assertThat(ids(new Filter(namespace, null, null, null, "s2", Map.of())))
        .containsExactly("c", "b");
    assertThat(ids(new Filter(namespace, null, null, null, null, Map.of("env", "prod"))))
        .containsExactly("b", "a");
    assertThat(
            ids(new Filter(namespace, null, null, null, null, Map.of("env", "prod", "team", "x"))))
        .containsExactly("a");
    assertThat(ids(new Filter("empty", null, null, null, null, Map.of()))).isEmpty();
  }

  @Test
  void a_damaged_job_is_left_out_of_lists_and_does_not_end_the_paging() {
    store(HistoryDatabase.noop(id("a")), NOON);
    store(HistoryDatabase.noop(id("b")), NOON);
    database.transaction(
        c ->
            Sql.update(c, "UPDATE job SET spec = '{' WHERE namespace = ? AND id = 'b'", namespace));

    Page<StoredJob> first = jobs.list(all(), null, 1);

    assertThat(first.items()).isEmpty();
    assertThat(jobs.list(all(), first.nextCursor(), 1).items()).hasSize(1);
    assertThatThrownBy(() -> jobs.find(id("b"))).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void a_cursor_that_this_server_did_not_make_is_refused() {
    String ofExecution = "ZTAxOTNiZmU1LTAwMDAtODAwMC04MDAwLTAwMDAwMDAwMDAwMA";
    for (String junk : List.of("", "?", "a", "%00", "ajE", ofExecution, "x".repeat(5000))) {
      assertThatThrownBy(() -> jobs.list(all(), junk, 5)).as(junk).isInstanceOf(BadCursor.class);
    }
  }

  @Test
  void says_that_the_database_is_away() {
    JobQueries away =
        new JobQueries(
            new AwayDataSource(new SQLTransientConnectionException("timeout")),
            database.codec,
            ids -> Map.of());

    assertThatThrownBy(() -> away.find(anyId())).isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(() -> away.list(all(), null, 1)).isInstanceOf(StoreUnavailable.class);
  }
}
