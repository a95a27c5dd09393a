package io.carillon.quartz;

import java.util.List;
import java.util.function.BiConsumer;

/**
 * What a hand with a SQL client does to the rows of a job.
 *
 * @param kind how putting it right is counted
 */
record Damage(String name, String kind, BiConsumer<EngineRig, String> hand) {
  /** Every damage that a plan must survive. */
  static List<Damage> all() {
    return List.of(
        new Damage("acquired by nobody", "trigger_held", state("ACQUIRED")),
        new Damage("blocked by nobody", "trigger_held", state("BLOCKED")),
        new Damage("paused and blocked by nobody", "trigger_held", state("PAUSED_BLOCKED")),
        new Damage("in a state that is none", "trigger_held", state("NONSENSE")),
        new Damage("set to ERROR by a stock node", "trigger_error", state("ERROR")),
        new Damage(
            "finished without having fired",
            "job_unplanned",
            (rig, id) ->
                rig.update(
                    "UPDATE QRTZ_TRIGGERS SET TRIGGER_STATE = 'COMPLETE', NEXT_FIRE_TIME = -1"
                        + " WHERE TRIGGER_NAME = ?",
                    id)),
        new Damage(
            "without an instant",
            "trigger_damaged",
            (rig, id) ->
                rig.update(
                    "UPDATE QRTZ_TRIGGERS SET NEXT_FIRE_TIME = NULL WHERE TRIGGER_NAME = ?", id)),
        new Damage(
            "without its sub-row",
            "trigger_damaged",
            (rig, id) -> rig.update("DELETE FROM QRTZ_SIMPLE_TRIGGERS WHERE TRIGGER_NAME = ?", id)),
        new Damage("without its trigger", "job_unplanned", Damage::deleteTrigger),
        new Damage(
            "without trigger and JobDetail",
            "job_unplanned",
            (rig, id) -> {
              deleteTrigger(rig, id);
              rig.update("DELETE FROM QRTZ_JOB_DETAILS WHERE JOB_NAME = ?", id);
            }),
        new Damage(
            "without its JobDetail",
            "detail_missing",
            (rig, id) ->
                rig.unchecked("DELETE FROM QRTZ_JOB_DETAILS WHERE JOB_NAME = '" + id + "'")),
        new Damage(
            "with a JobDetail of a foreign class, and parked",
            "detail_missing",
            (rig, id) -> {
              rig.update(
                  "UPDATE QRTZ_JOB_DETAILS SET JOB_CLASS_NAME = 'org.example.Nothing'"
                      + " WHERE JOB_NAME = ?",
                  id);
              state("ERROR").accept(rig, id);
            }));
  }

  private static BiConsumer<EngineRig, String> state(String state) {
    return (rig, id) ->
        rig.update("UPDATE QRTZ_TRIGGERS SET TRIGGER_STATE = ? WHERE TRIGGER_NAME = ?", state, id);
  }

  static void deleteTrigger(EngineRig rig, String id) {
    rig.update("DELETE FROM QRTZ_SIMPLE_TRIGGERS WHERE TRIGGER_NAME = ?", id);
    rig.update("DELETE FROM QRTZ_CRON_TRIGGERS WHERE TRIGGER_NAME = ?", id);
    rig.update("DELETE FROM QRTZ_TRIGGERS WHERE TRIGGER_NAME = ?", id);
  }
}
