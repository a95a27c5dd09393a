package io.carillon.quartz;

import io.carillon.execution.Firing;
import io.carillon.job.JobId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Cases of one job each, on a node and a database of their own. */
abstract class EngineCase {
  final JobId id = Samples.newId();
  EngineRig rig;
  Engine engine;

  @BeforeEach
  void open() {
    rig = new EngineRig();
    engine = rig.start();
  }

  @AfterEach
  void close() {
    rig.close();
  }

  /** The planned instants of the job's calls, as they came in. */
  final List<Instant> arrivals() {
    return rig.target.arrivalsOf(id).stream().map(Firing::scheduledAt).toList();
  }
}
