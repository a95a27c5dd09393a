package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.carillon.db.Sql;
import io.carillon.db.TestDatabase;
import io.carillon.events.FakeStore;
import io.carillon.events.LiveEvents;
import io.carillon.execution.Event;
import io.carillon.execution.EventKind;
import io.carillon.execution.EventMetrics;
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
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real sockets, real events: some read, some have stopped. */
@Timeout(120)
class SlowReadersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** Events are as large as they may be, so that few of them fill whatever buffers there are. */
  private static final String LONG = "n".repeat(7_000);

  private static final int AT_ONCE = 50;

  /** 21 MB: more than a reader's queue and all buffers of a connection together. */
  private static final int MOST = 3_000;

  private static final String[] UPGRADE = {
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
  };

  @AutoClose private static TestDatabase database;

  private final Counting metrics = new Counting();
  private final List<AutoCloseable> clients = new ArrayList<>();
  private LiveEvents live;
  private ApiRig rig;

  @BeforeAll
  static void create() throws SQLException {
    database = TestDatabase.create();
    try (Connection connection = database.dataSource().getConnection()) {
      // The only node: readers are welcomed at once.
      Sql.update(
          connection,
          "INSERT INTO node (instance_name, node_id, token, state, started_at, renewed_at, lease_ms)"
              + " VALUES ('n', 'n', 1, 'ACTIVE', 0, 0, 4000)");
    }
  }

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
    live = new LiveEvents(database.dataSource(), metrics, 300, InstantSource.system());
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
  }

  private <C extends AutoCloseable> C client(C made) {
    clients.add(made);
    return made;
  }

  private SocketReader socket() {
    return client(SocketReader.open(rig.server.port(), "/ws?full=1"));
  }

  private void raise(int count, String note) throws SQLException {
    Event event =
        Event.ofJob(
            EventKind.PROGRESS,
            JobId.of("a"),
            "q",
            null,
            Map.of("job", Map.of("id", "a"), "execution", Map.of("note", note)));
    try (Connection connection = database.dataSource().getConnection()) {
      live.sink().raise(connection, Collections.nCopies(count, event));
    }
  }

  @Test
  void who_stops_reading_is_sent_away_and_costs_the_others_nothing() throws Exception {
    SocketReader good = socket();
    StreamReader stream = client(StreamReader.open(rig.server.port(), "/api/v1/events"));
    for (int n = 0; n < 10; n++) {
      client(StreamReader.deaf(rig.server.port(), "/ws?full=1", UPGRADE));
      client(StreamReader.deaf(rig.server.port(), "/api/v1/events"));
    }
    await().atMost(PATIENCE).until(() -> good.isWelcome() && stream.isWelcome());
    await().atMost(PATIENCE).until(() -> metrics.readers() == 22);

    int told = 0;
    while (metrics.dropped.get() < 20 && told < MOST) {
      raise(AT_ONCE, LONG);
      told += AT_ONCE;
      int heard = told + 1;
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> good.heard().size() == heard && stream.heard().size() == heard);
    }

    await().atMost(PATIENCE).until(() -> metrics.readers() == 2);
    assertThat(metrics.dropped).as("each once").hasValue(20);
    assertThat(good.end()).isNull();
  }

  @Test
  void two_hundred_sockets_are_told_the_same() throws Exception {
    List<SocketReader> sockets = new ArrayList<>();
    for (int n = 0; n < 200; n++) {
      sockets.add(socket());
    }
    await().atMost(PATIENCE).until(() -> sockets.stream().allMatch(SocketReader::isWelcome));

    raise(100, "n");

    await()
        .atMost(PATIENCE)
        .until(() -> sockets.stream().allMatch(socket -> socket.heard().size() == 101));
    List<JsonNode> first = told(sockets.get(0));
    assertThat(sockets).allSatisfy(socket -> assertThat(told(socket)).isEqualTo(first));
    assertThat(metrics.dropped).hasValue(0);
  }

  private static List<JsonNode> told(SocketReader socket) {
    return socket.heard().stream().skip(1).map(SocketReader.Heard::json).toList();
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
