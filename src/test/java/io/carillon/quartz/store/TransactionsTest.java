package io.carillon.quartz.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.carillon.db.Sql;
import io.carillon.db.TestDatabase;
import io.carillon.harness.Gates;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions under the lock row, on a real database. */
class TransactionsTest {
  private static final Tables TABLES = new Tables("QRTZ_", "carillon");
  private static TestDatabase database;
  private static ExecutorService threads;

  @BeforeAll
  static void open() throws SQLException {
    database = TestDatabase.create();
    threads = Executors.newCachedThreadPool();
    new Transactions(database.dataSource(), TABLES, false, false).prepare();
  }

  @AfterAll
  static void close() {
    threads.shutdownNow();
    database.close();
  }

  /**
   * With the server's own time-out, and with the one that each transaction brings where the server
   * has none.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_holder_that_freezes_is_ended_and_the_others_go_on(boolean guarded) throws Exception {
    Transactions frozen = new Transactions(database.dataSource(), TABLES, guarded, false);
    Transactions other = new Transactions(database.dataSource(), TABLES, guarded, false);
    CountDownLatch holds = new CountDownLatch(1);
    CountDownLatch wakes = new CountDownLatch(1);
    Future<String> sleeper =
        threads.submit(
            () ->
                frozen.locked(
                    c -> {
                      if (guarded) {
                        // Leaves only the transaction's own time-out to end it.
                        Sql.update(c, "SET SESSION idle_transaction_timeout = 0");
                      }
                      holds.countDown();
                      Gates.pass(wakes);
                      return "committed";
                    }));
    assertThat(holds.await(5, TimeUnit.SECONDS)).isTrue();

    long begun = System.nanoTime();
    other.locked(c -> null);

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(2_500));
    wakes.countDown();
    assertThatThrownBy(sleeper::get).hasCauseInstanceOf(SQLException.class);
  }

  @Test
  void a_session_that_brought_its_own_time_out_gives_it_back() throws Exception {
    Transactions guarded = new Transactions(database.dataSource(), TABLES, true, false);

    String inside = guarded.locked(TransactionsTest::waitTimeout);

    assertThat(inside).isEqualTo("1");
    for (int i = 0; i < 20; i++) {
      assertThat(guarded.<String, SQLException>read(TransactionsTest::waitTimeout))
          .isNotEqualTo("1");
    }
  }

  /**
   * So a node that freezes while its request waits for another's leaves none behind that would be
   * granted later. The second time it waits on, or it would never get its turn where all is slow.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_request_for_the_lock_row_is_given_up_after_a_second_and_made_once_more(boolean guarded)
      throws Exception {
    Transactions holder = new Transactions(database.dataSource(), TABLES, guarded, false);
    AtomicInteger tries = new AtomicInteger();
    Transactions waiting =
        new Transactions(counted(database.dataSource(), tries), TABLES, guarded, true);
    CountDownLatch holds = new CountDownLatch(1);
    Future<Object> held =
        threads.submit(
            () ->
                holder.locked(
                    c -> {
                      holds.countDown();
                      for (int i = 0; i < 30; i++) {
                        Sql.query(c, "SELECT SLEEP(0.1)", row -> 1);
                      }
                      return null;
                    }));
    assertThat(holds.await(5, TimeUnit.SECONDS)).isTrue();

    int done = waiting.hot(c -> 1);

    assertThat(done).isOne();
    assertThat(tries).hasValue(2);
    held.get(5, TimeUnit.SECONDS);
  }

  /** Counts connections that are taken. */
  private static DataSource counted(DataSource pool, AtomicInteger taken) {
    return (DataSource)
        Proxy.newProxyInstance(
            TransactionsTest.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("getConnection")) {
                taken.incrementAndGet();
              }
              return method.invoke(pool, arguments);
            });
  }

  @Test
  void one_transaction_of_a_node_at_a_time_holds_a_connection_for_the_lock_row() throws Exception {
    Transactions transactions = new Transactions(database.dataSource(), TABLES, false, false);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Future<Object>> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      all.add(
          threads.submit(
              () ->
                  transactions.locked(
                      c -> {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        Sql.query(c, "SELECT SLEEP(0.005)", row -> 1);
                        inside.decrementAndGet();
                        return null;
                      })));
    }
    for (Future<Object> each : all) {
      each.get(20, TimeUnit.SECONDS);
    }
    assertThat(most.get()).isEqualTo(1);
  }

  @Test
  void the_engine_waits_for_one_client_at_most() throws Exception {
    Transactions transactions = new Transactions(database.dataSource(), TABLES, false, false);
    CountDownLatch begun = new CountDownLatch(1);
    List<Future<Object>> clients = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      clients.add(
          threads.submit(
              () ->
                  transactions.lockedForClient(
                      c -> {
                        begun.countDown();
                        return Sql.query(c, "SELECT SLEEP(0.1)", row -> 1);
                      })));
    }
    assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();

    long from = System.nanoTime();
    transactions.locked(c -> null);

    assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofMillis(700));
    for (Future<Object> client : clients) {
      client.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void a_connection_that_breaks_late_in_its_work_is_replaced() throws Exception {
    Transactions transactions = new Transactions(database.dataSource(), TABLES, false, false);
    AtomicInteger tries = new AtomicInteger();

    int done =
        transactions.locked(
            c -> {
              Sql.query(c, "SELECT SLEEP(1.2)", row -> 1);
              if (tries.incrementAndGet() == 1) {
                Sql.update(c, "KILL CONNECTION_ID()");
              }
              Sql.query(c, "SELECT 1", row -> 1);
              return tries.get();
            });

    assertThat(done).isEqualTo(2);
  }

  /** As behind a link that drops all connections every second or so. */
  @Test
  void a_connection_that_breaks_again_and_again_is_replaced_for_more_than_a_second()
      throws Exception {
    Transactions transactions = new Transactions(database.dataSource(), TABLES, false, false);

    int done = transactions.locked(new Breaking(5));

    assertThat(done).isEqualTo(5);
  }

  @Test
  void a_connection_that_always_breaks_is_given_up() {
    Transactions transactions = new Transactions(database.dataSource(), TABLES, false, false);
    Breaking breaking = new Breaking(Integer.MAX_VALUE);

    assertThatThrownBy(() -> transactions.locked(breaking)).isInstanceOf(SQLException.class);
    assertThat(breaking.tries).isBetween(3, 10);
  }

  /** Work of 0.4 s whose connection is gone at its end, but for one try. */
  private static final class Breaking implements Transactions.Work<Integer, SQLException> {
    private final int enough;
    private int tries;

    Breaking(int enough) {
      this.enough = enough;
    }

    @Override
    public Integer with(Connection connection) throws SQLException {
      Sql.query(connection, "SELECT SLEEP(0.4)", row -> 1);
      if (++tries < enough) {
        Sql.update(connection, "KILL CONNECTION_ID()");
      }
      Sql.query(connection, "SELECT 1", row -> 1);
      return tries;
    }
  }

  @Test
  void clients_that_cannot_be_served_in_time_are_told() throws Exception {
    Transactions transactions = new Transactions(database.dataSource(), TABLES, false, false);
    CountDownLatch wakes = new CountDownLatch(1);
    CountDownLatch holds = new CountDownLatch(1);
    Future<Object> slow =
        threads.submit(
            () ->
                transactions.lockedForClient(
                    c -> {
                      holds.countDown();
                      for (int i = 0; i < 30 && wakes.getCount() > 0; i++) {
                        Sql.query(c, "SELECT SLEEP(0.1)", row -> 1);
                      }
                      return null;
                    }));
    assertThat(holds.await(5, TimeUnit.SECONDS)).isTrue();

    assertThatThrownBy(() -> transactions.lockedForClient(c -> null))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("no turn within");
    wakes.countDown();
    slow.get(10, TimeUnit.SECONDS);
    await().untilAsserted(() -> transactions.lockedForClient(c -> null));
  }

  private static String waitTimeout(Connection connection) throws SQLException {
    return Sql.queryOne(connection, "SELECT @@SESSION.wait_timeout", row -> row.getString(1))
        .orElseThrow();
  }
}
