package io.carillon.breaker;

import io.carillon.config.BreakerConfig;
import io.carillon.db.Reconnecting;
import io.carillon.execution.Breaker;
import io.carillon.execution.Breakers;
import io.carillon.job.JobExceptions.StaleVersion;
import io.carillon.job.JobExceptions.StoreBusy;
import io.carillon.job.JobExceptions.StoreUnavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import javax.sql.DataSource;

/** Breakers as clients see and force them. Thread-safe. */
final class StoredBreakers implements Breakers {
  private static final int TRIES = 8;

  /** A host that failed within this time is shown though its breaker is closed. */
  private static final Duration LATELY = Duration.ofMinutes(1);

  private final DataSource database;
  private final BreakerConfig config;
  private final Window window;
  private final Changes changes;
  private final DatabaseClock clock;

  StoredBreakers(DataSource database, BreakerConfig config, Changes changes, DatabaseClock clock) {
    this.database = database;
    this.config = config;
    this.window = new Window(config);
    this.changes = changes;
    this.clock = clock;
  }

  @Override
  public Page list(String after, int limit) {
    return inDatabase(
        connection -> {
          Instant now = clock.instant();
          List<Breaker> found = BreakerTable.page(connection, after, now.minus(LATELY), limit + 1);
          List<Breaker> shown = found.subList(0, Math.min(limit, found.size()));
          return new Page(standing(connection, shown, now), found.size() > limit);
        });
  }

  @Override
  public Standing find(String host) {
    return inDatabase(
        connection -> {
          Breaker breaker =
              BreakerTable.find(connection, host).orElseGet(() -> Breaker.unknown(host));
          return standing(connection, List.of(breaker), clock.instant()).get(0);
        });
  }

  private List<Standing> standing(Connection connection, List<Breaker> breakers, Instant now)
      throws SQLException {
    Map<String, List<Counted>> counted =
        CountTable.read(
            connection, breakers.stream().map(Breaker::host).toList(), now.minus(config.window()));
    return breakers.stream()
        .map(
            breaker ->
                new Standing(
                    breaker,
                    window.counts(
                        counted.getOrDefault(breaker.host(), List.of()),
                        breaker.countedFrom(),
                        now)))
        .toList();
  }

  @Override
  public Standing put(String host, Breaker.Force force, OptionalLong expectedVersion) {
    return inDatabase(
        connection -> {
          for (int i = 0; i < TRIES; i++) {
            Breaker old =
                BreakerTable.find(connection, host).orElseGet(() -> Breaker.unknown(host));
            if (expectedVersion.isPresent() && expectedVersion.getAsLong() != old.version()) {
              throw new StaleVersion("breaker", host, expectedVersion.getAsLong(), old.version());
            }
            Instant now = clock.instant();
            Breaker next = old.forced(force, now);
            if (next == old || replaced(connection, old, next)) {
              if (next != old) {
                changes.note(old, next, "", now);
              }
              return standing(connection, List.of(next), now).get(0);
            }
          }
          throw new StoreBusy(null);
        });
  }

  /** False if it changed between two looks. */
  private static boolean replaced(Connection connection, Breaker old, Breaker next)
      throws SQLException {
    if (old.version() == 0) {
      BreakerTable.prepare(connection, List.of(old.host()));
    }
    return BreakerTable.replace(connection, next, old.version());
  }

  private <T> T inDatabase(Reconnecting.Work<T> work) {
    try {
      return Reconnecting.again(database, work);
    } catch (SQLException e) {
      throw StoreUnavailable.of(e);
    }
  }
}
