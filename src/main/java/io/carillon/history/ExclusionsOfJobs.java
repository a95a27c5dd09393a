package io.carillon.history;

import io.carillon.job.Calendars;
import io.carillon.job.Exclusions;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the calendars that jobs name exclude, as they are now. Thread-safe. */
final class ExclusionsOfJobs {
  private final Calendars calendars;

  ExclusionsOfJobs(Calendars calendars) {
    this.calendars = calendars;
  }

  /** Jobs without calendars are absent; if no job names any, nothing is read. */
  Map<JobId, Exclusions> of(Connection connection, Collection<Job> jobs) throws SQLException {
    Map<JobId, List<Calendars.Name>> named = new HashMap<>();
    Set<Calendars.Name> names = new LinkedHashSet<>();
    for (Job job : jobs) {
      List<Calendars.Name> of =
          job.schedule().limits().calendars().stream()
              .map(name -> new Calendars.Name(job.id().namespace(), name))
              .toList();
      if (!of.isEmpty()) {
        named.put(job.id(), of);
        names.addAll(of);
      }
    }
    if (names.isEmpty()) {
      return Map.of();
    }
    Map<Calendars.Name, Exclusions> read = calendars.read(connection, names);
    Map<JobId, Exclusions> exclusions = new HashMap<>();
    named.forEach(
        (id, of) ->
            exclusions.put(
                id, Exclusions.of(of.stream().filter(read::containsKey).map(read::get).toList())));
    return exclusions;
  }
}
