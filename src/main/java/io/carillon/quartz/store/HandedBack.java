package io.carillon.quartz.store;

import io.carillon.execution.EngineMetrics;
import io.carillon.execution.ExecutionId;
import io.carillon.execution.ExecutionState;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of executions whose node is gone.
 *
 * @param again how many are attempted again
 * @param poison those that were running at their third node's death
 * @param lost how many may have been called and must not be called twice
 * @param cancelled how many somebody wanted cancelled
 */
record HandedBack(int again, List<ExecutionId> poison, int lost, int cancelled) {
  static final HandedBack NOTHING = new HandedBack(0, List.of(), 0, 0);

  private static final Logger LOG = LoggerFactory.getLogger(HandedBack.class);
  private static final Logger AUDIT = LoggerFactory.getLogger("io.carillon.audit");

  /** To be called once it is on disk. */
  HandedBack counted(EngineMetrics metrics) {
    for (ExecutionId id : poison) {
      metrics.finished(ExecutionState.FAILED);
      LOG.error("execution {} was running at three nodes' deaths: it is not tried again", id);
      AUDIT.atInfo().setMessage("quarantined").addKeyValue("id", id).log();
    }
    if (!poison.isEmpty()) {
      metrics.quarantined(poison.size());
    }
    for (int n = 0; n < lost; n++) {
      metrics.finished(ExecutionState.FAILED);
    }
    for (int n = 0; n < cancelled; n++) {
      metrics.finished(ExecutionState.CANCELLED);
    }
    return this;
  }
}
