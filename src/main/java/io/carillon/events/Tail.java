package io.carillon.events;

import io.carillon.events.EventRows.Row;
import io.carillon.events.LiveMessage.Gap;
import io.carillon.events.LiveMessage.Told;
import io.carillon.events.LiveMessage.Welcome;
import io.carillon.execution.EventMetrics;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Reads committed events in order of their ids and tells the readers. Within one read every event
 * comes after those that caused it: a transaction that follows from another is seen only with it,
 * and has the larger ids. One thread.
 */
final class Tail {
  /** So long may a transaction take from its insert to its commit. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** Events that a reader who comes back is brought at a time: the others wait meanwhile. */
  static final int CATCH_UP = 250;

  private final Holes holes;
  private final Collection<Reader> readers;
  private final EventMetrics metrics;
  private double lagSeconds;

  private Tail(Holes holes, Collection<Reader> readers, EventMetrics metrics) {
    this.holes = holes;
    this.readers = readers;
    this.metrics = metrics;
  }

  /** Begins at the end, knowing which ids before it may still appear. */
  static Tail at(Connection connection, Collection<Reader> readers, EventMetrics metrics)
      throws SQLException {
    Iterator<Long> recent = EventRows.recent(connection, PATIENCE).iterator();
    Holes holes = new Holes(PATIENCE, recent.hasNext() ? recent.next() : 0);
    long now = System.nanoTime();
    recent.forEachRemaining(id -> holes.read(id, now));
    return new Tail(holes, readers, metrics);
  }

  /** Reads and tells once. One statement. @return whether there may be more already */
  boolean turn(Connection connection) throws SQLException {
    List<Row> rows = EventRows.read(connection, holes.after(), holes.open());
    if (haveGone(connection, rows)) {
      tellGap();
    }
    long now = System.nanoTime();
    lagSeconds = 0;
    for (Row row : rows) {
      if (holes.read(row.id(), now)) {
        lagSeconds = Math.max(lagSeconds, (row.readAt() - row.at()) / 1000.0);
        LiveEvent.of(row).ifPresent(event -> tell(event, holes.settled()));
      }
    }
    holes.giveUp(now);
    return rows.size() >= EventRows.PAGE;
  }

  /**
   * Whether events were removed before this node has read them: it was away from the database for
   * as long as they are kept. Asked only where ids were passed over.
   */
  private boolean haveGone(Connection connection, List<Row> rows) throws SQLException {
    long next = holes.after() + 1;
    boolean passedOver =
        rows.stream().mapToLong(Row::id).filter(id -> id >= next).min().orElse(next) > next;
    return passedOver && EventRows.first(connection) > next;
  }

  private void tell(LiveEvent event, long settled) {
    Told told = new Told(event, settled);
    for (Reader reader : readers) {
      Long position = reader.position();
      // Who has not come so far yet finds it on the way.
      boolean passed = reader.isLive() || (position != null && position >= event.id());
      if (passed && reader.filter().wants(event)) {
        send(reader, told);
      }
    }
  }

  private void send(Reader reader, LiveMessage message) {
    if (!reader.offer(message)) {
      metrics.readerDropped(LiveMessage.Reason.SLOW.name());
    }
  }

  /** For a time it was not certain that events were written, or they were not read in time. */
  void tellGap() {
    for (Reader reader : readers) {
      if (reader.position() != null) {
        send(reader, new Gap(settled(reader), settled(reader)));
      }
    }
  }

  /**
   * Welcomes a reader.
   *
   * @param inForceFrom since that event all were written
   */
  void welcome(Connection connection, Reader reader, long inForceFrom, Instant now)
      throws SQLException {
    Long after = reader.after();
    if (after == null) {
      reader.moveTo(holes.after());
      reader.offer(new Welcome(now, holes.settled()));
      reader.goLive();
      return;
    }
    long first = EventRows.first(connection);
    boolean complete =
        after >= inForceFrom
            && first <= after + 1
            && (after <= holes.after() || after <= EventRows.last(connection));
    long from = Math.min(complete ? after : Math.max(after, first - 1), holes.after());
    reader.moveTo(from);
    reader.offer(new Welcome(now, Math.min(from, holes.settled())));
    if (!complete) {
      reader.offer(new Gap(after, Math.min(from, holes.settled())));
    }
  }

  /**
   * Brings a reader nearer to the present by a page, if it has room for one. Two statements.
   *
   * @return whether there may be another at once
   */
  boolean catchUp(Connection connection, Reader reader) throws SQLException {
    Long position = reader.position();
    if (position == null || reader.isLive() || !reader.hasRoomFor(CATCH_UP)) {
      return false;
    }
    List<Row> rows = EventRows.between(connection, position, holes.after(), CATCH_UP);
    if (EventRows.first(connection) > position + 1) {
      // It reads more slowly than events are removed.
      send(reader, new Gap(position, Math.min(position, holes.settled())));
    }
    for (Row row : rows) {
      Optional<LiveEvent> event = LiveEvent.of(row).filter(reader.filter()::wants);
      if (event.isPresent()) {
        send(reader, new Told(event.get(), Math.min(row.id(), holes.settled())));
      }
    }
    if (rows.size() < CATCH_UP) {
      reader.moveTo(holes.after());
      reader.goLive();
      return false;
    }
    reader.moveTo(rows.get(rows.size() - 1).id());
    return true;
  }

  /** Where a reader can go on from. */
  long settled(Reader reader) {
    Long position = reader.position();
    return reader.isLive() || position == null
        ? holes.settled()
        : Math.min(position, holes.settled());
  }

  /** The age of the oldest event of the last read; 0 if it found none. */
  double lagSeconds() {
    return lagSeconds;
  }
}
