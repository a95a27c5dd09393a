package io.carillon.api;

import io.carillon.job.Job;
import io.carillon.job.JobExceptions.StoreUnavailable;
import io.carillon.job.JobId;
import io.carillon.job.Jobs;
import io.carillon.job.Link;
import io.carillon.job.TaskId;
import io.carillon.job.Tasks;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of links to jobs and tasks that are not there: they may come, so it is no fault yet. At
 * most ten look-ups for a job. Thread-safe.
 */
final class LinkWarnings {
  private static final Logger LOG = LoggerFactory.getLogger(LinkWarnings.class);
  private static final int MOST = 10;

  private final Jobs jobs;
  private final Tasks tasks;

  LinkWarnings(Jobs jobs, Tasks tasks) {
    this.jobs = jobs;
    this.tasks = tasks;
  }

  /** None while the database is away. */
  List<String> of(Job job) {
    Set<Link> links = new LinkedHashSet<>();
    for (String field :
        List.of(Link.ON_SUCCESS, Link.ON_FAILURE, Link.ON_COMPLETE, Link.ON_GROUP_COMPLETE)) {
      for (Link link : Link.of(job, field)) {
        links.add(new Link(link.job(), link.task(), Map.of()));
      }
    }
    List<String> warnings = new ArrayList<>();
    try {
      links.stream().limit(MOST).forEach(link -> warn(job.id(), link, warnings));
    } catch (StoreUnavailable e) {
      LOG.debug("links of job {} are not looked up: {}", job.id(), e.getMessage());
    }
    return warnings;
  }

  private void warn(JobId of, Link link, List<String> warnings) {
    String job = link.job();
    String task = link.task();
    if (job != null
        && !job.equals(of.value())
        && jobs.find(new JobId(of.namespace(), job)).isEmpty()) {
      warnings.add("there is no job '" + job + "' yet: nothing follows until there is");
    }
    if (task != null && tasks.find(new TaskId(of.namespace(), task)).isEmpty()) {
      warnings.add("there is no task '" + task + "' yet: nothing follows until there is");
    }
  }
}
