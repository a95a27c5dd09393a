package io.carillon.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.Sql;
import io.carillon.db.TestDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class HeldCountsTest {
  @AutoClose private final TestDatabase database = TestDatabase.create();

  @Test
  void what_is_held_is_counted_by_reason() {
    HeldCounts counts = new HeldCounts(database.dataSource());
    assertThat(counts.byReason()).isEmpty();

    for (String reason : List.of("CONCURRENCY", "CIRCUIT_OPEN", "CONCURRENCY")) {
      database.transaction(
          c ->
              Sql.update(
                  c,
                  """
                  INSERT INTO held (namespace, kind, lane, class, due_at, execution_id, attempt,
                    job_namespace, job_id, queue, priority, reason, since)
                  VALUES ('default', 'QUEUE', 'mail', 1, 1, UUID(), 1, 'default', 'a', 'mail', 1, ?, 1)
                  """,
                  reason));
    }

    assertThat(counts.byReason()).isEqualTo(Map.of("CONCURRENCY", 2, "CIRCUIT_OPEN", 1));
  }
}
