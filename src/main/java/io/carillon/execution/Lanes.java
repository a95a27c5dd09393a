package io.carillon.execution;

import io.carillon.job.Job;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells which due runs may run now, and where the others wait. For one batch, one thread. */
@FunctionalInterface
public interface Lanes {
  /** Everything may run. Sends nothing. */
  Lanes NONE = (connection, jobs, over) -> (id, job, attempt) -> Verdict.GO;

  /**
   * Inside the transaction that fires; a number of statements that does not grow with the batch.
   *
   * @param jobs the definitions of the batch, as far as they were read
   * @param over runs of the batch that are not to go any more: nobody will ask about them
   */
  Judge judge(Connection connection, Collection<Job> jobs, Set<ExecutionId> over)
      throws SQLException;

  /** Judges the runs of a batch. Asked again about the same run, it says the same. */
  @FunctionalInterface
  interface Judge {
    Verdict of(ExecutionId id, Job job, int attempt);
  }

  /** What becomes of a due run. */
  sealed interface Verdict {
    Verdict GO = new Go(null);
    Verdict LEAVE = new Leave();

    /**
     * It runs.
     *
     * @param notBefore when the call may begin, by this node's clock; null for at once
     */
    record Go(@Nullable Instant notBefore) implements Verdict {}

    /**
     * It waits in a lane.
     *
     * @param passes all lanes that it has to pass, that one included
     */
    record Wait(Lane lane, String reason, List<Lane> passes) implements Verdict {
      public Wait {
        passes = List.copyOf(passes);
      }
    }

    /** Nothing is done about it now: it is as due as it was. */
    record Leave() implements Verdict {}
  }
}
