package io.carillon.quartz;

import io.carillon.execution.Event;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.LetterRows;
import io.carillon.execution.LetterRows.Locked;
import io.carillon.execution.Redrives;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.StoredJob;
import io.carillon.quartz.store.Again;
import io.carillon.quartz.store.StoreEngine;
import io.carillon.quartz.store.StoreSession;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Redrives dead letters in the store's transactions. Thread-safe. */
final class QuartzRedrives implements Redrives {
  private static final Logger LOG = LoggerFactory.getLogger(QuartzRedrives.class);

  /** One transaction each; a dozen statements, some tens of milliseconds. */
  private static final int CHUNK = 200;

  /** Of a call; clients wait for ten seconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final StoreEngine store;
  private final JobTransactions transactions;
  private final LetterRows letters;
  private final InstantSource clock;

  QuartzRedrives(StoreEngine store, LetterRows letters, InstantSource clock) {
    this.store = store;
    this.transactions = new JobTransactions(store);
    this.letters = letters;
    this.clock = clock;
  }

  @Override
  public Redriven redrive(String namespace, List<ExecutionId> ids, Duration pace) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Instant first = Instant.ofEpochMilli(clock.millis());
    Map<ExecutionId, Instant> planned = new LinkedHashMap<>();
    Map<ExecutionId, Refusal> refused = new LinkedHashMap<>();
    int from = 0;
    while (from < ids.size() && (from == 0 || System.nanoTime() < deadline)) {
      List<ExecutionId> chunk = ids.subList(from, Math.min(ids.size(), from + CHUNK));
      Instant next = first.plus(pace.multipliedBy(planned.size()));
      try {
        Part part = transactions.run(null, session -> chunk(session, namespace, chunk, next, pace));
        planned.putAll(part.planned());
        refused.putAll(part.refused());
      } catch (StoreUnavailable e) {
        if (from == 0) {
          throw e;
        }
        LOG.warn("{} dead letters are not redriven: {}", ids.size() - from, e.getMessage());
        break;
      }
      from += chunk.size();
    }
    store.wake();
    return new Redriven(planned, refused, ids.size() - from);
  }

  /** What became of one chunk. */
  private record Part(Map<ExecutionId, Instant> planned, Map<ExecutionId, Refusal> refused) {}

  private static Event event(Again one) {
    return Event.retrying(
        one.job().id(), one.job().job().queue(), one.id(), one.attempt() - 1, one.due());
  }

  private Part chunk(
      StoreSession session, String namespace, List<ExecutionId> ids, Instant first, Duration pace)
      throws SQLException {
    Map<ExecutionId, Locked> found = session.ours((ours, c) -> letters.lock(c, namespace, ids));
    Set<JobId> jobIds = new LinkedHashSet<>();
    found.values().forEach(letter -> jobIds.add(letter.job()));
    Map<JobId, StoredJob> jobs = jobIds.isEmpty() ? Map.of() : session.lockJobs(jobIds);
    Map<ExecutionId, Instant> due = new LinkedHashMap<>();
    Map<ExecutionId, Refusal> refused = new LinkedHashMap<>();
    List<Again> again = new ArrayList<>();
    for (ExecutionId id : ids) {
      Locked letter = found.get(id);
      StoredJob job = letter == null ? null : jobs.get(letter.job());
      if (letter == null) {
        refused.put(id, Refusal.NOT_FOUND);
      } else if (job == null || job.state() == JobState.CANCELLED) {
        refused.put(id, Refusal.JOB_GONE);
      } else if (!due.containsKey(id)) {
        Instant at = first.plus(pace.multipliedBy(due.size()));
        due.put(id, at);
        again.add(new Again(id, letter.attempt() + 1, job, at));
      }
    }
    if (!again.isEmpty()) {
      session.ours(
          (ours, c) -> {
            letters.revive(c, namespace, due);
            ours.events().raise(c, again.stream().map(QuartzRedrives::event).toList());
            return due;
          });
      session.store(
          again.stream()
              .map(Again::job)
              .distinct()
              .map(job -> PlannedJobs.withPlan(job.job(), null, false))
              .toList());
      session.plantAgain(again);
    }
    return new Part(due, refused);
  }
}
