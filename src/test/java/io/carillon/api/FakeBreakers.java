package io.carillon.api;

import io.carillon.execution.Breaker;
import io.carillon.execution.Breakers;
import io.carillon.job.JobExceptions.StaleVersion;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** Breakers in memory. */
final class FakeBreakers implements Breakers {
  private final InstantSource clock;
  private final SortedMap<String, Breaker> rows = new TreeMap<>();

  FakeBreakers(InstantSource clock) {
    this.clock = clock;
  }

  void put(Breaker breaker) {
    rows.put(breaker.host(), breaker);
  }

  @Override
  public Page list(String after, int limit) {
    List<Standing> found =
        rows.tailMap(after + "\0").values().stream().map(FakeBreakers::standing).toList();
    return new Page(found.subList(0, Math.min(limit, found.size())), found.size() > limit);
  }

  @Override
  public Standing find(String host) {
    return standing(rows.getOrDefault(host, Breaker.unknown(host)));
  }

  @Override
  public Standing put(String host, Breaker.Force force, OptionalLong expectedVersion) {
    Breaker old = find(host).breaker();
    if (expectedVersion.isPresent() && expectedVersion.getAsLong() != old.version()) {
      throw new StaleVersion("breaker", host, expectedVersion.getAsLong(), old.version());
    }
    Breaker next = old.forced(force, clock.instant());
    rows.put(host, next);
    return standing(next);
  }

  private static Standing standing(Breaker breaker) {
    return new Standing(breaker, new Counts(1, 2, 2));
  }
}
