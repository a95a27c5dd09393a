package io.carillon.quartz.store;

import io.carillon.execution.EngineMetrics;
import io.carillon.execution.Lane;
import io.carillon.execution.StoreParticipant;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Consumer;

/** Puts the steps together that fire, complete, recover and repair. */
final class Steps {
  private final Common common;
  private final HandBack handBack;

  /** What all steps work with. */
  record Common(
      Tables tables,
      Transactions transactions,
      Rows rows,
      NodeRows nodes,
      OrphanJobs orphans,
      HeldQueues queues,
      StoreParticipant participant,
      LocalNode node,
      SlowEnd slowEnd,
      Aftermath aftermath,
      EngineMetrics metrics) {}

  Steps(Common common) {
    this.common = common;
    this.handBack =
        new HandBack(
            common.rows, common.orphans, common.participant, common.slowEnd, common.aftermath);
  }

  /**
   * @param whenRoomIsMade told of lanes in which something may go that was held
   */
  CompletionQueue completions(InstantSource clock, Consumer<Set<Lane>> whenRoomIsMade) {
    Complete complete =
        new Complete(
            common.rows, common.orphans, common.participant, common.slowEnd, common.aftermath);
    return new CompletionQueue(
        new CertainTransactions(common.transactions),
        new Endings(complete, new Unbegun(common.rows, handBack), common.rows.fired()),
        common.aftermath,
        common.node.inFlight(),
        common.metrics,
        clock,
        whenRoomIsMade);
  }

  Acquisition acquisition(SlowPath slowPath, NextFire nextFire) {
    HostCalls calls = common.node.inFlight().hosts();
    FireDue fireDue =
        new FireDue(
            common.rows,
            common.orphans,
            common.participant,
            nextFire,
            slowPath,
            common.queues,
            new Holding(common.participant.queues().lanes(), calls, common.node.clock()));
    AdmitHeld admitHeld =
        new AdmitHeld(common.rows, common.orphans, common.participant, common.queues, calls);
    SetAside aside = new SetAside();
    FiringTransaction firing =
        new FiringTransaction(
            new CertainTransactions(common.transactions),
            common.rows.fired(),
            common.node.inFlight());
    return new Acquisition(
        common.transactions,
        common.rows,
        new DueFiring(firing, common.nodes, fireDue, aside, common.node, common.metrics),
        new Admitting(
            common.transactions,
            firing,
            common.nodes,
            admitHeld,
            aside,
            common.node,
            common.metrics),
        common.node);
  }

  Recovery recovery() {
    return new Recovery(
        common.transactions, common.rows, common.nodes, handBack, common.node, common.metrics);
  }

  Reconciler reconciler(Replanning replanning, NextFire nextFire, Pace pace) {
    Reconciler.Repairs repairs =
        new Reconciler.Repairs(
            new JobRepair(
                common.rows,
                common.nodes,
                common.orphans,
                common.participant,
                replanning,
                nextFire),
            new ExecutionRepair(common.rows, handBack, common.participant, replanning),
            new LaneRepair(
                new LaneSuspects(common.tables),
                common.rows,
                common.participant.queues().lanes(),
                pace.suspicion()));
    return new Reconciler(
        common.transactions,
        common.nodes,
        common.node.checkIn(),
        new Suspects(common.tables),
        repairs,
        common.metrics,
        pace);
  }
}
