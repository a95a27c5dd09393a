package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.ExecutionId;
import io.carillon.execution.Lane;
import io.carillon.execution.LaneRows;
import io.carillon.execution.LaneRows.Locked;
import io.carillon.execution.LaneRows.Taken;
import io.carillon.execution.Lanes.Verdict;
import io.carillon.execution.Need;
import io.carillon.execution.Pace;
import io.carillon.job.JobId;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What goes at once although it is limited. */
class DirectAdmissionTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_000_000);
  private static final Lane QUEUE = Lane.queue("default", "q");
  private static final Lane HOST = Lane.queueHost("default", "q", "host.example");

  private final Map<Lane, Taken> taken = new HashMap<>();
  private final Map<Lane, Integer> waiting = new HashMap<>();
  private final List<Object> permits = new ArrayList<>();
  private final List<Locked> written = new ArrayList<>();
  private final List<Lane> elsewhere = new ArrayList<>();

  private final LaneRows rows =
      (LaneRows)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {LaneRows.class},
              (proxy, method, values) -> answer(method.getName(), values));

  private final Connection none =
      (Connection)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {Connection.class},
              (proxy, method, values) -> {
                throw new UnsupportedOperationException(method.getName());
              });

  private final DirectAdmission direct = new DirectAdmission(rows, () -> NOW);

  @SuppressWarnings("unchecked")
  private Object answer(String method, Object[] values) {
    return switch (method) {
      case "lockIfThere" ->
          ((Collection<Lane>) values[1])
              .stream()
                  .filter(lane -> !elsewhere.contains(lane))
                  .map(lane -> new Locked(lane, 0, 0, null, NOW.toEpochMilli() * 1_000))
                  .toList();
      case "taken" -> taken;
      case "waiting" -> waiting;
      case "permit" -> permits.addAll((Collection<Object>) values[1]);
      case "write" -> written.addAll((Collection<Locked>) values[1]);
      default -> throw new UnsupportedOperationException(method);
    };
  }

  private static ExecutionId id(int n) {
    return ExecutionId.planned(JobId.of("job" + n), 0, NOW);
  }

  private static List<Need> capped(int most) {
    return List.of(new Need(QUEUE, most, null));
  }

  /** Which of five runs with the same needs go. */
  private List<Integer> gone(List<Need> needs) throws SQLException {
    direct.lock(none, List.of(needs));
    List<Integer> gone =
        IntStream.range(0, 5)
            .filter(n -> direct.hasRoom(id(n), needs))
            .peek(n -> direct.take(id(n), needs))
            .boxed()
            .toList();
    direct.write(none, gone.stream().map(DirectAdmissionTest::id).toList());
    return gone;
  }

  @Test
  void as_many_go_as_there_is_room_for() throws SQLException {
    taken.put(QUEUE, new Taken(3, id(99)));

    assertThat(gone(capped(5))).containsExactly(0, 1);
    assertThat(permits).hasSize(2);
    assertThat(written).isEmpty();
  }

  @Test
  void what_waits_already_has_its_room_first() throws SQLException {
    taken.put(QUEUE, new Taken(1, id(99)));
    waiting.put(QUEUE, 2);

    assertThat(gone(capped(5))).containsExactly(0, 1);
  }

  @Test
  void nothing_goes_where_all_room_is_for_what_waits() throws SQLException {
    waiting.put(QUEUE, 5);

    assertThat(gone(capped(5))).isEmpty();
    assertThat(permits).isEmpty();
  }

  @Test
  void nothing_goes_through_a_lane_in_other_hands() throws SQLException {
    elsewhere.add(HOST);

    assertThat(gone(List.of(new Need(HOST, 4, null), new Need(QUEUE, 9, null)))).isEmpty();
  }

  @Test
  void the_narrowest_lane_decides_and_all_are_counted() throws SQLException {
    List<Need> needs = List.of(new Need(HOST, 2, null), new Need(QUEUE, 9, null));

    assertThat(gone(needs)).containsExactly(0, 1);
    assertThat(permits).hasSize(4);
  }

  @Test
  void a_rate_gives_each_its_start() throws SQLException {
    List<Need> needs = List.of(new Need(QUEUE, null, Pace.of(5, Duration.ofSeconds(1), 1)));

    assertThat(gone(needs)).containsExactly(0, 1, 2);
    assertThat(direct.take(id(1), needs)).isEqualTo(new Verdict.Go(NOW.plusMillis(200)));
    assertThat(permits).isEmpty();
    assertThat(written).singleElement().satisfies(row -> assertThat(row.arrival()).isPositive());
  }

  @Test
  void nobody_goes_before_what_waits_for_its_start() throws SQLException {
    waiting.put(QUEUE, 1);

    assertThat(gone(List.of(new Need(QUEUE, null, Pace.of(5, Duration.ofSeconds(1), 1)))))
        .isEmpty();
  }

  @Test
  void nobody_goes_beside_what_waits_where_each_job_has_a_number_of_its_own() throws SQLException {
    Lane host = Lane.jobsHost("default", "host.example");
    taken.put(host, new Taken(2, id(99)));

    assertThat(gone(List.of(new Need(host, 4, null)))).containsExactly(0, 1);

    waiting.put(host, 1);
    DirectAdmission next = new DirectAdmission(rows, () -> NOW);
    next.lock(none, List.of(List.of(new Need(host, 9, null))));
    assertThat(next.hasRoom(id(7), List.of(new Need(host, 9, null)))).isFalse();
  }

  @Test
  void what_has_an_order_is_not_even_looked_at() throws SQLException {
    Lane key = new Lane("default", Lane.Kind.FIFO, "customer-7");

    assertThat(gone(List.of(new Need(key, 1, null), new Need(QUEUE, 9, null)))).isEmpty();
  }

  @Test
  void asked_again_it_says_the_same() throws SQLException {
    direct.lock(none, List.of(capped(1)));
    Verdict first = direct.take(id(0), capped(1));

    assertThat(direct.hasRoom(id(0), capped(1))).isTrue();
    assertThat(direct.take(id(0), capped(1))).isSameAs(first);
    assertThat(direct.hasRoom(id(1), capped(1))).isFalse();
  }

  @Test
  void what_was_not_fired_gets_no_permit() throws SQLException {
    direct.lock(none, List.of(capped(3)));
    direct.take(id(0), capped(3));
    direct.take(id(1), capped(3));

    direct.write(none, List.of(id(1)));

    assertThat(permits).containsExactly(new LaneRows.Permit(QUEUE, id(1)));
  }
}
