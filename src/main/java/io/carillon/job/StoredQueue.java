package io.carillon.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A queue as the database holds it.
 *
 * @param pause why and until when it is paused; null if it is not
 * @param lastPauseFrom begin of the present or the last pause
 * @param lastPauseTo end of the last pause; null while it lasts
 * @param releasing whether it was resumed and triggers are still to be let go
 * @param version rises with every change; the entity tag; 0 if there is no row
 */
public record StoredQueue(
    String namespace,
    String name,
    QueueSettings settings,
    StoredJob.@Nullable Pause pause,
    @Nullable Instant lastPauseFrom,
    @Nullable Instant lastPauseTo,
    boolean releasing,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  /** A queue of which nobody has said anything yet. */
  public static StoredQueue unsaid(String namespace, String name, Instant now) {
    return new StoredQueue(
        namespace, name, QueueSettings.NONE, null, null, null, false, 0, now, now);
  }

  public boolean paused() {
    return pause != null;
  }

  /**
   * The same, with other limits; and paused or resumed, where that is asked for.
   *
   * @param pausedNow null leaves it as it is
   */
  public StoredQueue with(QueueSettings other, @Nullable Boolean pausedNow, Instant now) {
    StoredQueue next = this;
    if (pausedNow != null && pausedNow != paused()) {
      next = pausedNow ? paused(new StoredJob.Pause(null, null), now) : resumed(now);
    }
    return new StoredQueue(
        namespace,
        name,
        other,
        next.pause,
        next.lastPauseFrom,
        next.lastPauseTo,
        next.releasing,
        version + 1,
        createdAt,
        now);
  }

  /**
   * The same, paused. A pause that begins while triggers of the one before are still to be let go
   * counts as begun with that one: what they are late for fell into either.
   */
  public StoredQueue paused(StoredJob.Pause why, Instant now) {
    Instant begun = (paused() || releasing) && lastPauseFrom != null ? lastPauseFrom : now;
    return new StoredQueue(
        namespace, name, settings, why, begun, null, false, version + 1, createdAt, now);
  }

  /** The same, resumed, with its triggers still to be let go. */
  public StoredQueue resumed(Instant now) {
    return new StoredQueue(
        namespace, name, settings, null, lastPauseFrom, now, true, version + 1, createdAt, now);
  }

  /** The same, with all its triggers let go. */
  public StoredQueue released() {
    return new StoredQueue(
        namespace,
        name,
        settings,
        pause,
        lastPauseFrom,
        lastPauseTo,
        false,
        version,
        createdAt,
        updatedAt);
  }
}
