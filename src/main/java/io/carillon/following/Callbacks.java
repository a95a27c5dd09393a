package io.carillon.following;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Follower;
import io.carillon.execution.Follower.Cause;
import io.carillon.execution.Follower.Refused;
import io.carillon.job.Auth;
import io.carillon.job.Callback;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.Limits;
import io.carillon.job.Origin;
import io.carillon.job.Schedule;
import io.carillon.job.Target;
import io.carillon.job.TargetRules;
import io.carillon.job.TargetRules.Broken;
import io.carillon.spec.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Makes the jobs that tell others about executions: HTTP calls with retries of their own, in a
 * queue of their own. Pure; thread-safe.
 */
final class Callbacks {
  /** The queue of all callbacks of a namespace: one that can be paused or capped by itself. */
  static final String QUEUE = "callbacks";

  private static final int LONGEST_NAME = 190;

  private final TargetRules rules;

  Callbacks(TargetRules rules) {
    this.rules = rules;
  }

  /** The job that tells of an execution; the same state of one execution has the same id. */
  Follower of(Ended ended, Callback callback) {
    ExecutionState state = ended.execution().state();
    String place = Callback.FIELD + "/" + state + numbered(ended);
    Cause cause = new Cause(ended.job().id().namespace(), ended.execution().id().value(), place);
    List<Broken> broken = rules.url(callback.url());
    if (!broken.isEmpty()) {
      return new Refused(cause, broken.get(0).code(), broken.get(0).detail());
    }
    String body = StrictJson.text(body(ended, state));
    if (body.getBytes(StandardCharsets.UTF_8).length > Target.LARGEST_BODY) {
      return new Refused(cause, "payload_too_large", "the callback's body would be too large");
    }
    Job about = ended.job();
    Schedule now = new Schedule.Now(Limits.NONE);
    return new Follower.NewJob(
        cause,
        new Job(
            id(ended),
            name(about),
            null,
            QUEUE,
            about.priority(),
            Map.of(),
            new Target.Http(
                "POST",
                callback.url(),
                Map.of(),
                new Target.Body(true, body),
                Target.Http.DEFAULT_TIMEOUT,
                callback.secret() == null ? null : Auth.signature(callback.secret()),
                Map.of()),
            now,
            Job.Policies.defaults(false),
            Map.of(),
            new Origin(
                Origin.Call.CALLBACK, Map.of(Origin.FOLLOWS, ended.execution().id().value()))));
  }

  private static JobId id(Ended ended) {
    String state = ended.execution().state().name().toLowerCase(Locale.ROOT);
    String value = "cb_" + ended.execution().id() + "_" + state + numbered(ended);
    return new JobId(ended.job().id().namespace(), value.replace('/', '_'));
  }

  /** An execution may be RETRYING more than once. */
  private static String numbered(Ended ended) {
    return ended.execution().state().isFinal() ? "" : "/" + ended.execution().attempt();
  }

  private static ObjectNode body(Ended ended, ExecutionState state) {
    ObjectNode body = StrictJson.object();
    body.put("event", "execution." + state.name().toLowerCase(Locale.ROOT));
    body.set("job", ended.jobView());
    body.set("execution", ended.executionView());
    return body;
  }

  private static String name(Job about) {
    String name = "callback of " + (about.name() == null ? about.id().value() : about.name());
    int end =
        name.offsetByCodePoints(0, Math.min(LONGEST_NAME, name.codePointCount(0, name.length())));
    return name.substring(0, end);
  }
}
