package io.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.db.TestDatabase;
import io.carillon.harness.Audit;
import io.carillon.harness.Auditor;
import io.carillon.harness.Seed;
import io.carillon.harness.Submitter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A heap of 256 MiB, and more in large bodies than it could hold. */
@Tag("chaos")
@Timeout(90)
class MemoryIT {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryIT.class);
  private static final int BODY = 250_000;
  private final long seed = Seed.of(MemoryIT.class);

  @Test
  void large_bodies_due_at_once_are_called_as_memory_allows() throws Exception {
    try (TestDatabase database = TestDatabase.create();
        ProxiedCluster cluster =
            ProxiedCluster.start(
                1,
                ProxiedCluster.accessTo(database),
                Map.of("ORG_QUARTZ_THREADPOOL_THREADCOUNT", "1000"));
        Submitter submitter = new Submitter(cluster.apis(), 60, seed)) {
      String filling = "x".repeat(BODY);
      String due = Instant.now().plusSeconds(22).toString();
      submitter.submit(
          800,
          (tag, random) ->
              Map.of(
                  "target",
                  Map.of(
                      "type",
                      "http",
                      "method",
                      "POST",
                      "url",
                      cluster.target().url("/slow?ms=1000"),
                      "body",
                      Map.of("tag", tag, "filling", filling)),
                  "schedule",
                  Map.of("type", "at", "at", due)),
          Duration.ofSeconds(45));
      assertThat(submitter.acknowledged()).as(cluster.story()).hasSizeGreaterThan(700);

      Audit audit =
          new Auditor(cluster.target().ledger(), submitter).oneTimeWithin(Duration.ofSeconds(35));

      LOG.info("800 bodies of 250 kB in a heap of 256 MiB: {}", audit);
      assertThat(audit.lost()).as(audit + cluster.story()).isEmpty();
      assertThat(cluster.node(0).isAlive()).as(cluster.story()).isTrue();
      assertThat(cluster.node(0).output()).doesNotContain("OutOfMemoryError");
      assertThat(audit.repeated()).isEmpty();
    }
  }
}
