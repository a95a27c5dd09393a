package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.db.TestDatabase;
import io.carillon.events.FakeStore;
import io.carillon.events.LiveEvents;
import io.carillon.execution.Event;
import io.carillon.execution.EventKind;
import io.carillon.execution.EventMetrics;
import io.carillon.execution.EventSink;
import io.carillon.harness.SocketReader;
import io.carillon.harness.StreamReader;
import io.carillon.job.JobId;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real sockets, real events: some read, some have stopped. */
@Timeout(120)
class SlowReadersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final int EVENTS = 12_000;
  private static final String NOTE = "n".repeat(1_000);

  private final TestDatabase database = TestDatabase.create();
  private final Counting metrics = new Counting();
  private final LiveEvents live =
      new LiveEvents(database.dataSource(), metrics, 300, InstantSource.system());
  private final List<AutoCloseable> clients = new ArrayList<>();
  private ApiRig rig;

  private static final class Counting implements EventMetrics {
    final AtomicInteger dropped = new AtomicInteger();
    final Map<String, DoubleSupplier> gauges = new ConcurrentHashMap<>();

    @Override
    public void eventsWritten(int count) {}

    @Override
    public void readerDropped(String reason) {
      dropped.incrementAndGet();
    }

    @Override
    public void readers(DoubleSupplier readers) {
      gauges.put("readers", readers);
    }

    @Override
    public void eventLag(DoubleSupplier seconds) {}

    int readers() {
      return (int) gauges.get("readers").getAsDouble();
    }
  }

  @BeforeEach
  void start() {
    live.start(new FakeStore("n"));
    rig = ApiRig.with().events(live).start();
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable client : clients) {
      client.close();
    }
    live.close();
    rig.close();
    database.close();
  }

  private <C extends AutoCloseable> C client(C made) {
    clients.add(made);
    return made;
  }

  private SocketReader socket() {
    return client(SocketReader.open(rig.server.port(), "/ws?full=1"));
  }

  private void raise(int count) throws SQLException {
    EventSink sink = live.sink();
    Event event =
        Event.ofJob(
            EventKind.PROGRESS,
            JobId.of("a"),
            "q",
            null,
            Map.of("job", Map.of("id", "a"), "execution", Map.of("note", NOTE)));
    try (Connection connection = database.dataSource().getConnection()) {
      for (int done = 0; done < count; done += 500) {
        sink.raise(connection, Collections.nCopies(500, event));
      }
    }
  }

  @Test
  void who_stops_reading_is_sent_away_and_costs_the_others_nothing() throws Exception {
    SocketReader good = socket();
    StreamReader stream = client(StreamReader.open(rig.server.port(), "/api/v1/events"));
    for (int n = 0; n < 10; n++) {
      client(SocketReader.deaf(rig.server.port(), "/ws?full=1"));
      client(StreamReader.deaf(rig.server.port(), "/api/v1/events"));
    }
    await().atMost(PATIENCE).until(() -> good.isWelcome() && stream.isWelcome());
    await().atMost(PATIENCE).until(() -> metrics.readers() == 22);

    for (int told = 1_000; told <= EVENTS; told += 1_000) {
      int so = told;
      raise(1_000);
      await().atMost(PATIENCE).until(() -> good.heard().size() == so + 1);
    }
    await().atMost(PATIENCE).until(() -> stream.heard().size() == EVENTS + 1);
    await().atMost(PATIENCE).until(() -> metrics.readers() == 2);
    assertThat(metrics.dropped).hasValueGreaterThanOrEqualTo(20);
    assertThat(good.end()).isNull();
  }

  @Test
  void two_hundred_sockets_are_told_the_same_within_a_second() throws Exception {
    List<SocketReader> sockets = new ArrayList<>();
    for (int n = 0; n < 200; n++) {
      sockets.add(socket());
    }
    await().atMost(PATIENCE).until(() -> sockets.stream().allMatch(SocketReader::isWelcome));

    raise(500);

    await()
        .atMost(PATIENCE)
        .until(() -> sockets.stream().allMatch(socket -> socket.heard().size() == 501));
    assertThat(metrics.dropped).hasValue(0);
  }

  @Test
  void readers_beyond_the_limit_are_told_to_come_later() throws IOException {
    try (LiveEvents few =
            new LiveEvents(database.dataSource(), metrics, 1, InstantSource.system());
        ApiRig full = ApiRig.with().events(few).start()) {
      few.start(new FakeStore("n"));
      SocketReader only = client(SocketReader.open(full.server.port(), "/ws"));
      await().atMost(PATIENCE).until(only::isWelcome);

      assertThat(SocketReader.refusal(full.server.port(), "/ws")).isEqualTo(503);
      assertThat(full.get("/api/v1/events").fault()).isEqualTo("503 readers_full");
      assertThat(full.get("/api/v1/events").header("Retry-After")).isEqualTo("5");

      few.sendAway();
      await().atMost(PATIENCE).until(() -> only.end() != null);
      assertThat(only.end()).startsWith("1001 ");
    }
  }
}
