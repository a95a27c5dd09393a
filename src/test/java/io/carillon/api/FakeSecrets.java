package io.carillon.api;

import io.carillon.job.JobId;
import io.carillon.job.Jobs.Page;
import io.carillon.job.SecretKind;
import io.carillon.job.SecretRules;
import io.carillon.job.StoredSecret;
import io.carillon.secret.SecretBook;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Secrets in memory, with their values for tests to see. The cursor is the last name shown. */
final class FakeSecrets implements SecretBook, SecretRules {
  final Map<String, String> values = new ConcurrentHashMap<>();
  volatile boolean available = true;
  private final ConcurrentSkipListMap<String, StoredSecret> stored = new ConcurrentSkipListMap<>();
  private final InstantSource clock;

  FakeSecrets(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public boolean available() {
    return available;
  }

  @Override
  public Optional<SecretKind> kind(String namespace, String name) {
    return find(namespace, name).map(StoredSecret::kind);
  }

  @Override
  public String seal(JobId job, String header, String value) {
    return "c1.fake." + Integer.toHexString(value.hashCode());
  }

  @Override
  public Optional<StoredSecret> find(String namespace, String name) {
    return Optional.ofNullable(stored.get(name));
  }

  @Override
  public Page<StoredSecret> list(String namespace, String cursor, int limit) {
    List<StoredSecret> rest =
        List.copyOf(stored.tailMap(cursor == null ? "" : cursor, false).values());
    return rest.size() <= limit
        ? new Page<>(rest, null)
        : new Page<>(rest.subList(0, limit), rest.get(limit - 1).name());
  }

  @Override
  public synchronized Put put(NewValue value, boolean mustBeNew, OptionalLong expected) {
    StoredSecret old = stored.get(value.name());
    long version = old == null ? 0 : old.version();
    if ((mustBeNew && version > 0) || (expected.isPresent() && expected.getAsLong() != version)) {
      throw new Conflict(value.name(), version);
    }
    boolean rotates = old != null && value.grace() != null;
    if (rotates && old.kind() != value.kind()) {
      throw new OtherKind(value.name(), old.kind());
    }
    Instant now = clock.instant();
    StoredSecret made =
        new StoredSecret(
            value.namespace(),
            value.name(),
            value.kind(),
            version + 1,
            old == null ? now : old.createdAt(),
            now,
            rotates ? now.plus(value.grace()) : null);
    stored.put(value.name(), made);
    values.put(value.name(), value.value());
    return new Put(made, old == null);
  }

  @Override
  public synchronized boolean delete(String namespace, String name, OptionalLong expected) {
    StoredSecret old = stored.get(name);
    if (old != null && expected.isPresent() && expected.getAsLong() != old.version()) {
      throw new Conflict(name, old.version());
    }
    return stored.remove(name) != null;
  }
}
