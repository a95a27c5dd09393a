package io.carillon.events;

import static io.carillon.events.EventsRig.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.TestDatabase;
import io.carillon.events.LiveMessage.Gap;
import io.carillon.execution.Event;
import io.carillon.execution.EventMetrics;
import io.carillon.execution.EventSink;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the table is read, step by step. */
@Timeout(60)
class TailTest {
  private static final EventFilter NOTHING =
      new EventFilter(true, Set.of(), "another", null, Set.of(), Map.of());

  @AutoClose private static TestDatabase database;

  private final List<Reader> readers = new ArrayList<>();
  private final RecordingOutlet outlet = new RecordingOutlet();
  private EventsRig rig;
  private Connection connection;
  private EventSink sink;

  @BeforeAll
  static void create() {
    database = TestDatabase.create();
  }

  @BeforeEach
  void open() throws SQLException {
    rig = new EventsRig(database);
    connection = database.dataSource().getConnection();
    // It has not looked, so it writes.
    sink = new EventJournal(new Attention(), EventMetrics.none());
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    rig.close();
  }

  private void raise(int count, String job) throws SQLException {
    List<Event> events = Collections.nCopies(count, event(job));
    sink.raise(connection, events);
  }

  private Tail tail() throws SQLException {
    return Tail.at(connection, readers, EventMetrics.none());
  }

  private Reader reader(Tail tail, EventFilter filter, Long after) throws SQLException {
    Reader reader = new Reader(filter, after, outlet, () -> {});
    readers.add(reader);
    tail.welcome(connection, reader, 0, Instant.EPOCH);
    return reader;
  }

  @Test
  void who_comes_back_from_far_is_brought_one_page_at_a_time() throws SQLException {
    raise(Tail.CATCH_UP * 2 + 1, "a");
    Tail tail = tail();
    Reader reader = reader(tail, NOTHING, 0L);

    assertThat(tail.catchUp(connection, reader)).isTrue();
    assertThat(reader.position()).isEqualTo(Tail.CATCH_UP);
    assertThat(tail.catchUp(connection, reader)).isTrue();
    assertThat(tail.catchUp(connection, reader)).isFalse();
    assertThat(reader.isLive()).isTrue();
  }

  @Test
  void who_comes_back_and_does_not_read_keeps_little() throws SQLException {
    raise(5_000, "a");
    Tail tail = tail();
    outlet.stopReading();
    Reader reader = reader(tail, EventFilter.ALL, 0L);

    int pages = 0;
    while (tail.catchUp(connection, reader)) {
      pages++;
    }

    assertThat(pages * Tail.CATCH_UP).isLessThanOrEqualTo(1_000);
    assertThat(reader.isLive()).isFalse();
  }

  @Test
  void who_reads_more_slowly_than_events_are_removed_is_told_of_the_gap() throws SQLException {
    raise(Tail.CATCH_UP * 3, "a");
    Tail tail = tail();
    Reader reader = reader(tail, EventFilter.ALL, 0L);
    tail.catchUp(connection, reader);
    assertThat(outlet.all(Gap.class)).isEmpty();

    rig.update("DELETE FROM event WHERE id <= ?", Tail.CATCH_UP * 2);
    assertThat(tail.catchUp(connection, reader)).isTrue();
    assertThat(tail.catchUp(connection, reader)).isFalse();

    assertThat(outlet.all(Gap.class)).containsExactly(new Gap(Tail.CATCH_UP, Tail.CATCH_UP));
    assertThat(outlet.told()).hasSize(Tail.CATCH_UP * 2);
    assertThat(reader.isLive()).isTrue();
  }

  @Test
  void a_node_that_was_away_for_as_long_as_events_are_kept_says_so() throws SQLException {
    raise(3, "before");
    Tail tail = tail();
    reader(tail, EventFilter.ALL, null);
    raise(10, "missed");
    rig.update("DELETE FROM event WHERE id <= ?", 12);

    tail.turn(connection);

    assertThat(outlet.all(Gap.class)).containsExactly(new Gap(3, 3));
    assertThat(outlet.told()).hasSize(1);
  }

  @Test
  void an_id_that_is_not_there_yet_is_no_gap() throws SQLException {
    raise(3, "before");
    Tail tail = tail();
    reader(tail, EventFilter.ALL, null);
    raise(3, "after");
    rig.update("DELETE FROM event WHERE id = ?", 4);

    tail.turn(connection);

    assertThat(outlet.all(Gap.class)).isEmpty();
    assertThat(outlet.told()).hasSize(2);
  }
}
