package io.carillon.api;

import io.carillon.job.JobExceptions.StaleVersion;
import io.carillon.job.JobExceptions.UnknownQueue;
import io.carillon.job.QueueSettings;
import io.carillon.job.Queues;
import io.carillon.job.StoredJob.Pause;
import io.carillon.job.StoredQueue;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** Queues in a map. Nothing is ever in them. */
final class FakeQueues implements Queues {
  private final Map<String, StoredQueue> stored = new ConcurrentSkipListMap<>();
  private final InstantSource clock;

  FakeQueues(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public List<Standing> list(String namespace) {
    return stored.values().stream().map(queue -> new Standing(queue, null)).toList();
  }

  @Override
  public Optional<Standing> find(String namespace, String name) {
    return Optional.ofNullable(stored.get(name))
        .map(queue -> new Standing(queue, new Figures(3, 2, 1, 0)));
  }

  @Override
  public Put put(
      String namespace,
      String name,
      QueueSettings settings,
      @Nullable Boolean paused,
      OptionalLong expectedVersion) {
    StoredQueue old = get(name);
    if (expectedVersion.isPresent() && expectedVersion.getAsLong() != old.version()) {
      throw new StaleVersion("queue", name, expectedVersion.getAsLong(), old.version());
    }
    StoredQueue next = old.with(settings, paused, clock.instant());
    stored.put(name, next);
    return new Put(next, old.version() == 0);
  }

  @Override
  public StoredQueue pause(
      String namespace, String name, @Nullable String reason, @Nullable Instant until) {
    stored.put(name, get(name).paused(new Pause(reason, until), clock.instant()));
    return get(name);
  }

  @Override
  public StoredQueue resume(String namespace, String name) {
    if (!stored.containsKey(name)) {
      throw new UnknownQueue(name);
    }
    stored.computeIfPresent(
        name, (key, queue) -> queue.paused() ? queue.resumed(clock.instant()) : queue);
    return get(name);
  }

  private StoredQueue get(String name) {
    return stored.getOrDefault(name, StoredQueue.unsaid("default", name, clock.instant()));
  }
}
