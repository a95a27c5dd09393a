package io.carillon.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.events.LiveMessage.Beat;
import io.carillon.events.LiveMessage.End;
import io.carillon.events.LiveMessage.Reason;
import io.carillon.events.LiveMessage.Told;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReaderTest {
  private final RecordingOutlet outlet = new RecordingOutlet();
  private final AtomicInteger left = new AtomicInteger();
  private final Reader reader = new Reader(EventFilter.ALL, null, outlet, left::incrementAndGet);

  @Test
  void messages_are_sent_one_after_the_other_in_order() {
    outlet.stopReading();
    for (int n = 0; n < 3; n++) {
      assertThat(reader.offer(new Beat(n))).isTrue();
    }
    assertThat(outlet.messages).containsExactly(new Beat(0));

    outlet.readOn();

    assertThat(outlet.messages).containsExactly(new Beat(0), new Beat(1), new Beat(2));
  }

  @Test
  void an_outlet_that_answers_at_once_does_not_deepen_the_stack() {
    outlet.stopReading();
    for (int n = 0; n < Reader.MOST_MESSAGES; n++) {
      reader.offer(new Beat(n));
    }

    outlet.readOn();

    assertThat(outlet.messages).hasSize(Reader.MOST_MESSAGES);
  }

  @Test
  void who_reads_too_slowly_loses_what_waits_and_is_told_why() {
    outlet.stopReading();
    int kept = 0;
    while (reader.offer(new Beat(kept))) {
      kept++;
    }
    assertThat(kept).isEqualTo(Reader.MOST_MESSAGES + 1);
    assertThat(reader.offer(new Beat(0))).as("it is over").isTrue();

    outlet.readOn();

    assertThat(outlet.messages).containsExactly(new Beat(0), new End(Reason.SLOW));
    assertThat(reader.isClosed()).isTrue();
    assertThat(left).hasValue(1);
  }

  @Test
  void large_events_fill_it_earlier() {
    outlet.stopReading();
    String text = "x".repeat(8_000);
    LiveEvent large = new LiveEvent(1, "active", "active", "j", "q", null, Map.of(), text, null);
    int kept = 0;
    while (reader.offer(new Told(large, 1))) {
      kept++;
    }

    assertThat(kept * 8_000L).isLessThan(Reader.MOST_BYTES + 16_000L);
  }

  @Test
  void a_message_that_fails_closes_it() {
    Reader failing =
        new Reader(
            EventFilter.ALL,
            null,
            new Outlet() {
              @Override
              public void send(
                  LiveMessage message,
                  java.util.function.Consumer<@org.jspecify.annotations.Nullable Throwable> sent) {
                sent.accept(new java.io.IOException("gone"));
              }

              @Override
              public void abort() {}
            },
            left::incrementAndGet);

    failing.offer(new Beat(1));

    assertThat(failing.isClosed()).isTrue();
    assertThat(left).hasValue(1);
  }

  @Test
  void an_outlet_that_throws_harms_nobody_else() {
    Reader broken =
        new Reader(
            EventFilter.ALL,
            null,
            new Outlet() {
              @Override
              public void send(
                  LiveMessage message,
                  java.util.function.Consumer<@org.jspecify.annotations.Nullable Throwable> sent) {
                throw new IllegalStateException("whatever");
              }

              @Override
              public void abort() {}
            },
            left::incrementAndGet);

    assertThat(broken.offer(new Beat(1))).isTrue();

    assertThat(broken.isClosed()).isTrue();
    assertThat(left).hasValue(1);
  }
}
