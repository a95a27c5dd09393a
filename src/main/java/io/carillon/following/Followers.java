package io.carillon.following;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import io.carillon.execution.Follower;
import io.carillon.execution.Follower.Cause;
import io.carillon.execution.Follower.NewRun;
import io.carillon.execution.Follower.Refused;
import io.carillon.execution.Following;
import io.carillon.execution.LinkedRuns;
import io.carillon.execution.LinkedRuns.Planned;
import io.carillon.execution.LinkedRuns.Run;
import io.carillon.following.GroupTable.Done;
import io.carillon.job.Callback;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.Link;
import io.carillon.job.Origin;
import io.carillon.job.StoredJob;
import io.carillon.job.Target;
import io.carillon.job.TargetRules;
import io.carillon.job.Task;
import io.carillon.job.TaskId;
import io.carillon.job.TaskRows;
import io.carillon.spec.Faults;
import io.carillon.spec.JobWriter;
import io.carillon.spec.StrictJson;
import io.carillon.spec.TaskTargets;
import io.carillon.spec.Values;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What follows executions and groups. Thread-safe. */
public final class Followers implements Following {
  private static final Logger LOG = LoggerFactory.getLogger(Followers.class);
  private static final String PARAMETERS = "parameters";
  private static final String TARGET = "target";

  private final LinkedRuns runs;
  private final TaskRows tasks;
  private final Links links;
  private final Callbacks callbacks;
  private final TargetRules rules;
  private final JobWriter writer = new JobWriter();
  private final GroupTable groups = new GroupTable();

  /**
   * @param rules what a callback and a job made of a task have to keep to
   */
  public Followers(LinkedRuns runs, TaskRows tasks, TargetRules rules) {
    this.runs = runs;
    this.tasks = tasks;
    this.links = new Links(rules);
    this.callbacks = new Callbacks(rules);
    this.rules = rules;
  }

  @Override
  public boolean concerns(Job job, ExecutionState state) {
    Map<String, Object> options = job.options();
    if (options.isEmpty()) {
      return false;
    }
    return (state.isFinal() && options.containsKey(Link.GROUP))
        || Links.fields(state).stream().anyMatch(options::containsKey)
        || Callback.of(job).filter(callback -> callback.on().contains(state.name())).isPresent();
  }

  @Override
  public int most(Job job) {
    return 1
        + List.of(Link.ON_SUCCESS, Link.ON_FAILURE, Link.ON_COMPLETE).stream()
            .mapToInt(field -> Link.of(job, field).size())
            .sum();
  }

  @Override
  public List<Follower> of(
      Connection connection, Map<ExecutionId, Job> executions, Set<JobId> over, Instant now)
      throws SQLException {
    List<Follower> followers = new ArrayList<>();
    List<Links.Followed> followed = new ArrayList<>();
    Set<JobId> grouped = new LinkedHashSet<>(over);
    for (Ended ended : ended(connection, executions)) {
      ExecutionState state = ended.execution().state();
      callback(ended).ifPresent(followers::add);
      followed.addAll(Links.of(ended, now));
      if (state.isFinal() && ended.job().options().containsKey(Link.GROUP)) {
        grouped.add(ended.job().id());
      }
    }
    if (!followers.isEmpty() || !followed.isEmpty()) {
      Set<Cause> before = FollowerTable.followed(connection, executions.keySet());
      followers.removeIf(follower -> before.contains(follower.cause()));
      followed.removeIf(link -> before.contains(link.cause()));
    }
    followers.addAll(ofDone(connection, groups.leave(connection, grouped), followed, now));
    return followers;
  }

  @Override
  public boolean isAnyGroupOver(Connection connection) throws SQLException {
    return groups.isAnyOver(connection);
  }

  @Override
  public Set<JobId> overInGroups(Connection connection) throws SQLException {
    return groups.over(connection);
  }

  @Override
  public List<Follower> ofGroups(Connection connection, Set<JobId> over, Instant now)
      throws SQLException {
    return ofDone(connection, groups.sweep(connection, over), new ArrayList<>(), now);
  }

  /**
   * What follows groups that are done.
   *
   * @param others to be made with it
   */
  private List<Follower> ofDone(
      Connection connection, List<Done> done, List<Links.Followed> others, Instant now)
      throws SQLException {
    List<Links.Followed> followed = new ArrayList<>(others);
    List<Follower> followers = new ArrayList<>();
    for (Done group : done) {
      LOG.info("group {} is done: {}", group.group().name(), StrictJson.text(group.counts()));
      followed.addAll(GroupLinks.followed(group, now));
      GroupLinks.beyond(group).ifPresent(followers::add);
    }
    followers.addAll(followers(connection, followed));
    return followers;
  }

  private List<Ended> ended(Connection connection, Map<ExecutionId, Job> executions)
      throws SQLException {
    List<Ended> ended = new ArrayList<>();
    if (!executions.isEmpty()) {
      Map<ExecutionId, Run> found = runs.read(connection, executions.keySet());
      executions.forEach(
          (id, job) -> {
            Run run = found.get(id);
            if (run != null) {
              ended.add(Ended.of(job, run.execution(), run.overrides()));
            }
          });
    }
    return ended;
  }

  private Optional<Follower> callback(Ended ended) {
    return Callback.of(ended.job())
        .filter(callback -> callback.on().contains(ended.execution().state().name()))
        .map(callback -> callbacks.of(ended, callback));
  }

  private List<Follower> followers(Connection connection, List<Links.Followed> followed)
      throws SQLException {
    Set<TaskId> named =
        followed.stream()
            .flatMap(one -> one.task().stream())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Map<TaskId, Task> known = named.isEmpty() ? Map.of() : tasks.read(connection, named);
    List<Follower> followers = new ArrayList<>();
    for (Links.Followed one : followed) {
      followers.add(follower(one, known));
    }
    return followers;
  }

  private Follower follower(Links.Followed followed, Map<TaskId, Task> known) {
    try {
      return links.follower(followed, known);
    } catch (RuntimeException e) {
      LOG.error("what follows {} cannot be made", followed.cause(), e);
      return new Refused(followed.cause(), "internal", "the server failed to make it");
    }
  }

  @Override
  public Runs run(Connection connection, List<NewRun> wanted, Map<JobId, StoredJob> jobs)
      throws SQLException {
    Map<TaskId, Task> known = tasksOf(connection, wanted, jobs);
    List<Refused> refused = new ArrayList<>();
    Map<ExecutionId, NewRun> byId = new LinkedHashMap<>();
    List<Planned> planned = new ArrayList<>();
    for (NewRun run : wanted) {
      StoredJob job = jobs.get(run.job());
      if (job == null) {
        refused.add(run.refused("job_unknown", "there is no job '" + run.job().value() + "'"));
      } else if (job.state() == JobState.CANCELLED) {
        refused.add(run.refused("job_cancelled", "job '" + run.job().value() + "' was cancelled"));
      } else {
        Faults faults = new Faults();
        Map<String, Object> overrides = overrides(run, job.job(), known, faults);
        if (faults.isEmpty()) {
          byId.put(run.id(), run);
          planned.add(new Planned(run.id(), job, overrides));
        } else {
          refused.add(Links.refused(run.cause(), faults));
        }
      }
    }
    Set<ExecutionId> fresh = planned.isEmpty() ? Set.of() : runs.insert(connection, planned);
    byId.keySet().retainAll(fresh);
    return new Runs(List.copyOf(byId.values()), refused);
  }

  private Map<TaskId, Task> tasksOf(
      Connection connection, List<NewRun> wanted, Map<JobId, StoredJob> jobs) throws SQLException {
    Set<TaskId> named = new LinkedHashSet<>();
    for (NewRun run : wanted) {
      StoredJob job = jobs.get(run.job());
      if (job != null && !run.parameters().isEmpty()) {
        TaskTargets.taskOf(job.job())
            .ifPresent(task -> named.add(new TaskId(job.id().namespace(), task)));
      }
    }
    return named.isEmpty() ? Map.of() : tasks.read(connection, named);
  }

  /** As a run by hand with the same parameters has them. */
  private Map<String, Object> overrides(
      NewRun run, Job job, Map<TaskId, Task> known, Faults faults) {
    Map<String, Object> overrides = new LinkedHashMap<>();
    overrides.put(
        Ended.CHAIN, Map.of(Origin.FOLLOWS, run.cause().source(), Origin.DEPTH, run.depth()));
    if (run.parameters().isEmpty()) {
      return overrides;
    }
    Task task =
        TaskTargets.taskOf(job)
            .map(name -> known.get(new TaskId(job.id().namespace(), name)))
            .orElse(null);
    if (task == null) {
      faults.add(
          "/" + run.cause().place() + "/" + PARAMETERS,
          "parameters_without_task",
          "job '" + job.id().value() + "' was not made from a task that there is");
      return overrides;
    }
    ObjectNode parameters = (ObjectNode) Values.node(run.parameters());
    Target target =
        new TaskTargets(SecretsOfTask.in(rules, task)).refill(job, task, parameters, faults);
    if (target != null) {
      overrides.put(PARAMETERS, run.parameters());
      overrides.put(TARGET, writer.storeTarget(target));
    }
    return overrides;
  }

  @Override
  public void keep(Connection connection, Collection<? extends Follower> followers, Instant now)
      throws SQLException {
    FollowerTable.insert(connection, followers, now);
  }

  @Override
  public List<ExecutionId> waiting(Connection connection, JobId job, int most) throws SQLException {
    return runs.waiting(connection, job, most);
  }
}
