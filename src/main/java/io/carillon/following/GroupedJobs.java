package io.carillon.following;

import io.carillon.execution.ForwardingParticipant;
import io.carillon.execution.StoreParticipant;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import io.carillon.job.JobState;
import io.carillon.job.Link;
import io.carillon.job.StoredJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts jobs into their groups in the transactions that store them. Jobs without a group cost
 * nothing. Thread-safe if the other participant is.
 */
public final class GroupedJobs extends ForwardingParticipant {
  private final GroupTable groups = new GroupTable();

  public GroupedJobs(StoreParticipant inner) {
    super(inner);
  }

  @Override
  public void insertJobs(Connection connection, Collection<NewJob> jobs) throws SQLException {
    super.insertJobs(connection, jobs);
    List<Job> grouped = new ArrayList<>();
    for (NewJob fresh : jobs) {
      if (fresh.job().options().containsKey(Link.GROUP)) {
        grouped.add(fresh.job());
      }
    }
    if (!grouped.isEmpty()) {
      join(connection, grouped, jobs.iterator().next().createdAt());
    }
  }

  @Override
  public void updateJob(Connection connection, StoredJob changed, boolean definitionChanged)
      throws SQLException {
    super.updateJob(connection, changed, definitionChanged);
    boolean open = changed.state() == JobState.ACTIVE || changed.state() == JobState.PAUSED;
    if (definitionChanged && open && changed.job().options().containsKey(Link.GROUP)) {
      join(connection, List.of(changed.job()), changed.updatedAt());
    }
  }

  private void join(Connection connection, List<Job> jobs, Instant now) throws SQLException {
    Map<JobId, GroupTable.Name> members = new LinkedHashMap<>();
    Map<GroupTable.Name, List<Link>> links = new LinkedHashMap<>();
    for (Job job : jobs) {
      Link.groupOf(job)
          .map(name -> new GroupTable.Name(job.id().namespace(), name))
          .ifPresent(
              name -> {
                members.put(job.id(), name);
                List<Link> all = links.computeIfAbsent(name, same -> new ArrayList<>());
                Link.of(job, Link.ON_GROUP_COMPLETE).stream()
                    .filter(link -> !all.contains(link))
                    .forEach(all::add);
              });
    }
    groups.join(connection, members, links, now);
  }
}
