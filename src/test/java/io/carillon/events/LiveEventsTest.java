package io.carillon.events;

import static io.carillon.events.EventsRig.event;
import static io.carillon.events.EventsRig.sink;
import static io.carillon.events.EventsRig.soon;
import static io.carillon.events.EventsRig.welcomed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.db.Sql;
import io.carillon.db.TestDatabase;
import io.carillon.events.LiveMessage.End;
import io.carillon.events.LiveMessage.Gap;
import io.carillon.events.LiveMessage.Reason;
import io.carillon.events.LiveMessage.Told;
import io.carillon.execution.Event;
import io.carillon.execution.EventKind;
import io.carillon.execution.EventSink;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LiveEventsTest {
  @AutoClose private static TestDatabase database;
  @AutoClose private EventsRig rig;

  @BeforeAll
  static void create() {
    database = TestDatabase.create();
  }

  @BeforeEach
  void open() {
    rig = new EventsRig(database);
  }

  @Test
  void while_nobody_listens_nothing_is_written() {
    EventSink sink = sink(rig.node());

    soon().until(() -> !sink.isWanted());
    rig.raise(sink, event("a"));

    assertThat(rig.count("event")).isZero();
  }

  @Test
  void a_batch_is_one_statement_and_two_more_where_jobs_have_to_be_looked_up() throws Exception {
    LiveEvents node = rig.node();
    RecordingOutlet reader = welcomed(node);
    EventSink sink = sink(node);
    try (Connection connection = rig.database.dataSource().getConnection()) {
      long before = questions(connection);
      sink.raise(connection, Collections.nCopies(500, event("a")));
      long named = questions(connection);
      sink.raise(
          connection,
          Collections.nCopies(
              500, Event.ofJob(EventKind.WAITING, JobId.of("unknown"), null, null, Map.of())));
      long nameless = questions(connection);

      assertThat(named - before).isEqualTo(2);
      assertThat(nameless - named).isEqualTo(4);
    }
    soon().until(() -> reader.told().size() == 1_000);
    assertThat(reader.told().get(999).event().full()).contains("\"job\":{\"id\":\"unknown\"}");
  }

  /** Statements of a session, this one included. */
  private static long questions(Connection connection) throws SQLException {
    return Sql.queryOne(
            connection, "SHOW SESSION STATUS LIKE 'Questions'", row -> row.getLong("Value"))
        .orElseThrow();
  }

  @Test
  void a_node_that_has_not_looked_writes_as_somebody_may_have_come() {
    LiveEvents frozen = rig.node();
    EventSink sink = sink(frozen);
    soon().until(() -> !sink.isWanted());

    frozen.close();

    soon().until(sink::isWanted);
    rig.raise(sink, event("a"));
    assertThat(rig.count("event")).isEqualTo(1);
  }

  @Test
  void a_node_that_others_cannot_see_writes_as_they_do_not_wait_for_it() {
    rig.update("DELETE FROM node");
    EventSink sink = sink(rig.node());
    rig.raise(sink, event("a"));
    assertThat(rig.count("event")).isEqualTo(1);

    rig.anotherNode();
    rig.update("UPDATE node SET instance_name = 'n0'");

    soon().until(() -> !sink.isWanted());
  }

  @Test
  void whoever_was_welcomed_is_told_what_any_node_commits_afterwards() {
    rig.anotherNode();
    LiveEvents here = rig.node();
    EventSink there = sink(rig.node());
    soon().until(() -> !there.isWanted());

    RecordingOutlet reader = welcomed(here);
    assertThat(there.isWanted()).isTrue();
    rig.raise(there, event("a"), event(EventKind.COMPLETED, "a"));

    soon().until(() -> reader.words().equals(List.of("active", "completed")));
    assertThat(rig.barriers).as("what was open has ended").hasValue(1);
    RecordingOutlet second = new RecordingOutlet();
    here.open(EventFilter.ALL, null, second);
    soon().atMost(Duration.ofSeconds(1)).until(second::isWelcome);
    assertThat(rig.barriers).hasValue(1);
  }

  @Test
  void a_listener_on_another_node_need_not_wait_again() {
    rig.anotherNode();
    LiveEvents here = rig.node();
    welcomed(here);
    LiveEvents there = rig.node();
    long begun = System.nanoTime();

    welcomed(there);

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Attention.TOLD);
    assertThat(rig.barriers).hasValue(1);
  }

  @Test
  void an_event_whose_transaction_takes_longer_is_told_when_it_is_committed() throws Exception {
    LiveEvents node = rig.node();
    RecordingOutlet reader = welcomed(node);
    EventSink sink = sink(node);
    try (Connection slow = rig.database.dataSource().getConnection()) {
      slow.setAutoCommit(false);
      sink.raise(slow, List.of(event("slow"), event("slow")));
      rig.raise(sink, event("quick"), event("quick"));
      soon().until(() -> reader.told().size() == 2);
      long before = reader.told().get(0).position();
      assertThat(before).as("to go on from").isLessThan(reader.told().get(0).event().id() - 1);

      slow.commit();

      soon().until(() -> reader.told().size() == 4);
      assertThat(reader.told())
          .extracting(told -> told.event().jobId())
          .containsExactly("quick", "quick", "slow", "slow");
      assertThat(reader.told().get(3).position()).isEqualTo(reader.told().get(1).event().id());
      RecordingOutlet again = new RecordingOutlet();
      node.open(EventFilter.ALL, before, again);
      soon().until(() -> again.told().size() == 4);
      assertThat(again.all(Gap.class)).isEmpty();
    }
  }

  @Test
  void what_is_committed_late_is_told_to_a_reader_that_came_in_between() throws SQLException {
    LiveEvents node = rig.node();
    welcomed(node);
    EventSink sink = sink(node);
    LiveEvents other = rig.node();
    try (Connection slow = rig.database.dataSource().getConnection()) {
      slow.setAutoCommit(false);
      sink.raise(slow, List.of(event("slow")));
      rig.raise(sink, event("quick"));
      RecordingOutlet late = welcomed(other);

      slow.commit();

      soon().until(() -> late.told().size() == 1);
      assertThat(late.told().get(0).event().jobId()).isEqualTo("slow");
    }
  }

  @Test
  void each_reader_is_told_what_it_asked_for() {
    LiveEvents node = rig.node();
    EventFilter one = new EventFilter(true, Set.of(), "b", null, Set.of(), Map.of());
    EventFilter words = new EventFilter(true, Set.of("failed"), null, null, Set.of(), Map.of());
    EventFilter plain = new EventFilter(false, Set.of(), null, null, Set.of(), Map.of());
    List<RecordingOutlet> readers = new ArrayList<>();
    for (EventFilter filter : List.of(EventFilter.ALL, one, words, plain)) {
      RecordingOutlet outlet = new RecordingOutlet();
      node.open(filter, null, outlet);
      soon().until(outlet::isWelcome);
      readers.add(outlet);
    }
    EventSink sink = sink(node);

    rig.raise(
        sink,
        event(EventKind.RETRYING, "a"),
        event(EventKind.FAILED, "b"),
        event(EventKind.JOB_PAUSED, "b"));

    soon().until(() -> readers.get(0).told().size() == 3);
    assertThat(readers.get(1).words()).containsExactly("failed", "job.paused");
    assertThat(readers.get(2).words()).containsExactly("failed");
    assertThat(readers.get(3).told())
        .extracting(Told::event)
        .extracting(LiveEvent::plainWord)
        .containsExactly("delayed", "failed");
  }

  @Test
  void a_reader_that_stops_reading_is_sent_away_and_the_others_notice_nothing() {
    LiveEvents node = rig.node();
    RecordingOutlet good = welcomed(node);
    RecordingOutlet bad = welcomed(node);
    bad.stopReading();
    EventSink sink = sink(node);
    Event[] batch = Collections.nCopies(500, event("a")).toArray(Event[]::new);
    for (int n = 0; n < 12; n++) {
      rig.raise(sink, batch);
    }

    soon().until(() -> good.told().size() == 6_000);
    bad.readOn();
    soon().until(() -> bad.messages.contains(new End(Reason.SLOW)));
    assertThat(bad.told()).hasSizeLessThan(10);
  }

  @Test
  void no_more_readers_are_let_in_than_allowed_and_all_go_when_the_node_stops() {
    LiveEvents node = rig.node(1);
    RecordingOutlet only = welcomed(node);

    assertThatThrownBy(() -> node.open(EventFilter.ALL, null, new RecordingOutlet()))
        .isInstanceOf(EventFeed.TooManyReaders.class);
    node.sendAway();

    assertThat(only.messages).contains(new End(Reason.LEAVING));
    assertThatThrownBy(node::checkRoom).isInstanceOf(EventFeed.TooManyReaders.class);
  }
}
