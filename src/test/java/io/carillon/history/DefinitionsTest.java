package io.carillon.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.Sql;
import io.carillon.execution.DefinitionRows.Definitions;
import io.carillon.job.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Definitions that are read to be looked at. */
class DefinitionsTest {
  private static final int CHARACTERS = 250_000;

  @AutoClose private final HistoryDatabase database = new HistoryDatabase();

  @Test
  void no_more_is_read_at_once_than_a_node_can_hold() {
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      ids.add(database.stored(HistoryDatabase.noop(HistoryDatabase.anyId())));
    }
    database.transaction(
        c -> Sql.update(c, "UPDATE job SET spec = CONCAT(spec, REPEAT(' ', ?))", CHARACTERS));

    Definitions found = database.transaction(c -> database.writer.readJobs(c, ids));

    int read = found.jobs().size();
    assertThat(read * (long) CHARACTERS).isBetween(6_000_000L, 9_000_000L);
    assertThat(found.jobs()).containsOnlyKeys(ids.subList(0, read));
    assertThat(found.tooMuch()).containsExactlyElementsOf(ids.subList(read, 60));
  }

  @Test
  void nobody_who_changes_a_job_is_waited_for() throws SQLException {
    JobId id = database.stored(HistoryDatabase.noop(HistoryDatabase.anyId()));
    try (Connection other = database.dataSource().getConnection()) {
      other.setAutoCommit(false);
      database.writer.lockJobs(other, List.of(id));

      Definitions found = database.transaction(c -> database.writer.readJobs(c, List.of(id)));

      assertThat(found.jobs()).containsOnlyKeys(id);
      other.rollback();
    }
  }
}
