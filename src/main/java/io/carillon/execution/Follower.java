package io.carillon.execution;

import io.carillon.job.Job;
import io.carillon.job.JobId;
import java.util.Map;

/** What starts because of an execution, or why it does not. */
public sealed interface Follower {
  Cause cause();

  /**
   * Where it comes from.
   *
   * @param namespace of all that is concerned
   * @param source the id of the execution that it follows; of one that follows a group, the id of
   *     the group's round
   * @param place the state or the link: {@code callback/SUCCEEDED}, {@code onSuccess/0}
   */
  record Cause(String namespace, String source, String place) {}

  /** A job that is new. */
  record NewJob(Cause cause, Job job) implements Follower {}

  /**
   * A run of a job that is there.
   *
   * @param parameters what the run names; may be empty
   * @param depth how many runs it follows, one after another
   */
  record NewRun(Cause cause, JobId job, ExecutionId id, Map<String, Object> parameters, int depth)
      implements Follower {
    public Refused refused(String code, String detail) {
      return new Refused(cause, code, detail);
    }
  }

  /**
   * Nothing starts.
   *
   * @param code stable
   * @param detail for people, at most 1,000 characters, without secrets
   */
  record Refused(Cause cause, String code, String detail) implements Follower {
    private static final int MOST_CHARACTERS = 1000;

    public Refused {
      if (detail.length() > MOST_CHARACTERS) {
        detail = detail.substring(0, MOST_CHARACTERS);
      }
    }
  }
}
