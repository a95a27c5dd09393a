package io.carillon.execution;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The breaker of one host, shared by the cluster. Immutable; a change answers the next state. All
 * instants are by the database's clock, in whole milliseconds.
 *
 * @param host as in {@code job.host}
 * @param changedAt since when the state is what it is; null of a breaker that never changed
 * @param openedAt when it left CLOSED; null while it is CLOSED
 * @param openUntil of an open one: from when on a probe may be made; null if none may
 * @param probe the execution that is the probe, while HALF_OPEN
 * @param probeUntil when another probe may be made if that one has not ended
 * @param inARow how often it was opened without a success between
 * @param countedFrom what ended earlier does not count any more
 * @param failedAt about when a call failed last; null if none did
 * @param version rises with every change of state; the entity tag; 0 if there was none
 */
public record Breaker(
    String host,
    State state,
    Force force,
    @Nullable Instant changedAt,
    @Nullable Instant openedAt,
    @Nullable Instant openUntil,
    @Nullable ExecutionId probe,
    @Nullable Instant probeUntil,
    int inARow,
    Instant countedFrom,
    @Nullable Instant failedAt,
    long version) {

  /** Attempts that were under way when a breaker opened begin within this time, or not at all. */
  private static final Duration STRAGGLING = Duration.ofSeconds(1);

  /** Whether the host may be called. */
  public enum State {
    /** It may. */
    CLOSED,
    /** It may not; left by the claim of a probe. */
    OPEN,
    /** One probe is under way; left by its end. */
    HALF_OPEN
  }

  /** What somebody has said of a breaker. */
  public enum Force {
    /** It goes by how calls end. */
    AUTO,
    /** It stays open, without probes. */
    OPEN,
    /** It stays closed, whatever fails. */
    CLOSED
  }

  /** The breaker of a host of which nothing is known. */
  public static Breaker unknown(String host) {
    return new Breaker(
        host, State.CLOSED, Force.AUTO, null, null, null, null, null, 0, Instant.EPOCH, null, 0);
  }

  /** Whether the host may not be called, probes aside. */
  public boolean shut() {
    return state != State.CLOSED;
  }

  /** When the next probe may be made; null if none may. */
  public @Nullable Instant nextProbeAt() {
    return switch (state) {
      case CLOSED -> null;
      case OPEN -> openUntil;
      case HALF_OPEN -> probeUntil;
    };
  }

  /** Whether an attempt tells how the host is: the probe, or one that begun as an earlier one. */
  public boolean isProbe(ExecutionId id, Instant begun) {
    return id.equals(probe) || (openedAt != null && begun.isAfter(openedAt.plus(STRAGGLING)));
  }

  /** Whether a probe may be claimed. */
  public boolean awaitsProbe(Instant now) {
    Instant at = nextProbeAt();
    return force == Force.AUTO && at != null && !at.isAfter(now);
  }

  /** The same, with a probe under way. */
  public Breaker probed(ExecutionId id, Instant now, Duration patience) {
    return new Breaker(
        host,
        State.HALF_OPEN,
        force,
        now,
        openedAt,
        null,
        id,
        now.plus(patience),
        inARow,
        countedFrom,
        failedAt,
        version + 1);
  }

  /** The same, opened, or opened again after a probe that failed. */
  public Breaker opened(Instant now, Duration length) {
    Instant since = shut() && openedAt != null ? openedAt : now;
    return new Breaker(
        host,
        State.OPEN,
        force,
        now,
        since,
        now.plus(length),
        null,
        null,
        inARow + 1,
        countedFrom,
        failedAt,
        version + 1);
  }

  /** The same, with a probe due at once: the one before told nothing of the host. */
  public Breaker released(Instant now) {
    return new Breaker(
        host,
        State.OPEN,
        force,
        now,
        openedAt,
        now,
        null,
        null,
        inARow,
        countedFrom,
        failedAt,
        version + 1);
  }

  /** The same, closed, with a clean slate. */
  public Breaker closed(Instant now) {
    return new Breaker(
        host, State.CLOSED, force, now, null, null, null, null, 0, now, failedAt, version + 1);
  }

  /** The same after another failure. */
  public Breaker failed(Instant now) {
    return new Breaker(
        host,
        state,
        force,
        changedAt,
        openedAt,
        openUntil,
        probe,
        probeUntil,
        inARow,
        countedFrom,
        now,
        version);
  }

  /**
   * The same, forced. One that is let go after it was kept open makes a probe first; one that was
   * kept closed goes on closed.
   */
  public Breaker forced(Force next, Instant now) {
    if (next == force) {
      return this;
    }
    boolean open = next == Force.OPEN || (next == Force.AUTO && shut());
    return new Breaker(
        host,
        open ? State.OPEN : State.CLOSED,
        next,
        now,
        open ? (openedAt == null ? now : openedAt) : null,
        next == Force.AUTO && open ? now : null,
        null,
        null,
        0,
        open ? countedFrom : now,
        failedAt,
        version + 1);
  }
}
