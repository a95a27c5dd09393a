package io.carillon.events;

import static io.carillon.events.EventsRig.event;
import static io.carillon.events.EventsRig.sink;
import static io.carillon.events.EventsRig.soon;
import static io.carillon.events.EventsRig.welcomed;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.TestDatabase;
import io.carillon.events.LiveMessage.Gap;
import io.carillon.execution.EventSink;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readers that come back. */
@Timeout(60)
class LiveResumeTest {
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
  void who_comes_back_goes_on_where_it_was_also_on_another_node() {
    LiveEvents node = rig.node();
    RecordingOutlet first = new RecordingOutlet();
    EventFeed.Reading reading = node.open(EventFilter.ALL, null, first);
    soon().until(first::isWelcome);
    EventSink sink = sink(node);
    rig.raise(sink, event("seen"));
    soon().until(() -> first.told().size() == 1);
    long position = first.told().get(0).position();
    reading.close();
    List<String> missed = new ArrayList<>();
    for (int n = 0; n < 600; n++) {
      missed.add("missed-" + n);
    }
    missed.forEach(job -> rig.raise(sink, event(job)));

    RecordingOutlet back = new RecordingOutlet();
    rig.node().open(EventFilter.ALL, position, back);
    soon().until(() -> back.told().size() == missed.size());
    rig.raise(sink, event("new"));
    soon().until(() -> back.told().size() == missed.size() + 1);

    missed.add("new");
    assertThat(back.told()).extracting(told -> told.event().jobId()).isEqualTo(missed);
    assertThat(back.all(Gap.class)).isEmpty();
  }

  @Test
  void who_asks_for_what_is_gone_is_told_of_the_gap_and_of_all_that_is_left() {
    LiveEvents node = rig.node();
    welcomed(node);
    EventSink sink = sink(node);
    IntStream.range(0, 5).forEach(n -> rig.raise(sink, event("old")));
    rig.update("UPDATE event SET at = at - 700000");
    IntStream.range(0, 3).forEach(n -> rig.raise(sink, event("young")));
    soon().until(() -> rig.count("event WHERE job_id = 'old'") == 1);

    RecordingOutlet reader = new RecordingOutlet();
    node.open(EventFilter.ALL, 2L, reader);
    soon().until(() -> reader.told().size() == 4);
    RecordingOutlet future = new RecordingOutlet();
    node.open(EventFilter.ALL, 1_000_000L, future);
    soon().until(() -> !future.all(Gap.class).isEmpty());

    assertThat(reader.all(Gap.class)).extracting(Gap::after).containsExactly(2L);
    assertThat(future.told()).isEmpty();
  }

  @Test
  void when_nobody_had_listened_for_minutes_who_comes_back_is_told_of_the_gap() {
    LiveEvents node = rig.node();
    RecordingOutlet first = new RecordingOutlet();
    EventFeed.Reading reading = node.open(EventFilter.ALL, null, first);
    soon().until(first::isWelcome);
    EventSink sink = sink(node);
    rig.raise(sink, event("a"));
    soon().until(() -> first.told().size() == 1);
    reading.close();
    soon()
        .until(
            () -> {
              rig.update("UPDATE listener SET listens_until = 1");
              return !sink.isWanted();
            });
    rig.raise(sink, event("unwritten"));
    rig.update("INSERT INTO event (at, kind, namespace, payload) VALUES (1, 'x', '', '{}')");

    RecordingOutlet back = new RecordingOutlet();
    node.open(EventFilter.ALL, first.told().get(0).position(), back);

    soon().until(() -> back.all(Gap.class).size() == 1);
  }
}
