package io.carillon.secret;

import io.carillon.execution.Reasons;
import io.carillon.execution.Secrets;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobId;
import io.carillon.job.Jobs.Page;
import io.carillon.job.Resealing;
import io.carillon.job.SecretKind;
import io.carillon.job.SecretRules;
import io.carillon.job.StoredSecret;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything about secrets for the rest of a server: kept for clients ({@link SecretBook}), used in
 * definitions ({@link SecretRules}, {@link Resealing}), revealed for calls ({@link Secrets}).
 * Thread-safe.
 */
public final class Vault implements SecretBook, SecretRules, Resealing, Secrets {
  private static final Logger LOG = LoggerFactory.getLogger(Vault.class);

  private final Keyring keys;
  private final StoredSecrets stored;
  private final SecretCache cache;
  private final InstantSource clock;

  public Vault(Keyring keys, StoredSecrets stored, InstantSource clock) {
    this.keys = keys;
    this.stored = stored;
    this.cache = new SecretCache(stored::row, System::nanoTime);
    this.clock = clock;
  }

  @Override
  public boolean available() {
    return stored.available();
  }

  @Override
  public Optional<SecretKind> kind(String namespace, String name) {
    return stored.find(namespace, name).map(StoredSecret::kind);
  }

  @Override
  public String seal(JobId job, String header, String value) {
    return keys.seal(value, Place.of(job, header)).text();
  }

  @Override
  public String move(JobId from, JobId to, String header, String sealed) {
    try {
      return seal(to, header, open(from, header, sealed));
    } catch (NotRevealed e) {
      LOG.warn("job {} takes over a header of {} that does not open: {}", to, from, e.getMessage());
      return sealed;
    }
  }

  @Override
  public Revealed reveal(String namespace, String name) throws NotRevealed {
    String what = "the secret '" + name + "'";
    if (keys.isEmpty()) {
      return Secrets.NONE.reveal(namespace, name);
    }
    SecretRow row = row(namespace, name, what).at(clock.instant());
    String current = keys.open(row.current(), row.place(), what);
    Sealed previous = row.previous();
    return new Revealed(
        row.secret().kind(),
        current,
        previous == null ? null : keys.open(previous, row.place(), what));
  }

  private SecretRow row(String namespace, String name, String what) throws NotRevealed {
    try {
      return cache
          .get(namespace, name)
          .orElseThrow(
              () ->
                  new NotRevealed(
                      Reasons.SECRET_MISSING, "there is no secret '" + name + "' any more"));
    } catch (StoreUnavailable e) {
      throw new NotRevealed(
          Reasons.SECRET_UNAVAILABLE, what + " could not be read: " + e.getMessage());
    }
  }

  @Override
  public String open(JobId job, String header, String sealed) throws NotRevealed {
    if (keys.isEmpty()) {
      return Secrets.NONE.open(job, header, sealed);
    }
    String what = "the secret header '" + header + "'";
    Sealed parsed =
        Sealed.parse(sealed)
            .orElseThrow(
                () -> new NotRevealed(Reasons.SECRET_UNREADABLE, what + " is damaged in store"));
    return keys.open(parsed, Place.of(job, header), what);
  }

  @Override
  public Optional<StoredSecret> find(String namespace, String name) {
    return stored.find(namespace, name);
  }

  @Override
  public Page<StoredSecret> list(String namespace, @Nullable String cursor, int limit) {
    return stored.list(namespace, cursor, limit);
  }

  @Override
  public Put put(NewValue value, boolean mustBeNew, OptionalLong expectedVersion) {
    try {
      return stored.put(value, mustBeNew, expectedVersion);
    } finally {
      cache.forget(value.namespace(), value.name());
    }
  }

  @Override
  public boolean delete(String namespace, String name, OptionalLong expectedVersion) {
    try {
      return stored.delete(namespace, name, expectedVersion);
    } finally {
      cache.forget(namespace, name);
    }
  }
}
