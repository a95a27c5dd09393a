package io.carillon.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies a merge patch to the canonical body of a job. RFC 7396 alone would keep the fields of the
 * old schedule beside those of the new one when a patch turns, say, a cron job into a delayed one;
 * so a patch that names another type of schedule or target drops what belongs to the old type
 * alone, unless the patch itself names it. Stateless.
 */
public final class JobPatch {
  private static final Set<String> LIMITS =
      Set.of("type", "startAt", "endAt", "maxRuns", "jitter", "calendars");

  private JobPatch() {}

  /** The body as patched; neither argument is changed. */
  public static ObjectNode apply(ObjectNode current, ObjectNode patch) {
    ObjectNode base = current.deepCopy();
    if (patch.get("schedule") instanceof ObjectNode wanted
        && base.get("schedule") instanceof ObjectNode old) {
      reschedule(old, wanted);
    }
    if (patch.get("target") instanceof ObjectNode wanted
        && base.get("target") instanceof ObjectNode old
        && wanted.hasNonNull("type")
        && !wanted.get("type").equals(old.get("type"))) {
      base.remove("target");
    }
    if (patch.path("target").path("auth").hasNonNull("type")
        && base.get("target") instanceof ObjectNode old) {
      // A way to prove oneself is replaced as a whole.
      old.remove("auth");
    }
    refill(base, patch);
    return MergePatch.apply(base, patch);
  }

  /** Whether a patch may fill the template of a task anew. */
  public static boolean fillsTask(ObjectNode patch) {
    return patch.has(TaskTargets.TASK) || patch.has(TaskTargets.PARAMETERS);
  }

  /** Whether a patched definition may name what has to be looked up outside of a transaction. */
  public static boolean looksUp(ObjectNode patch) {
    return fillsTask(patch)
        || patch.path("target").hasNonNull("auth")
        || patch.path("callback").hasNonNull("secret");
  }

  /** A target of its own ends what a job has of its task; other parameters fill a new target. */
  private static void refill(ObjectNode base, ObjectNode patch) {
    if (!base.has(TaskTargets.TASK) && !patch.hasNonNull(TaskTargets.TASK)) {
      return;
    }
    if (patch.hasNonNull("target")) {
      base.remove(List.of(TaskTargets.TASK, TaskTargets.PARAMETERS));
    } else if (fillsTask(patch)) {
      base.remove("target");
    }
  }

  private static void reschedule(ObjectNode old, ObjectNode wanted) {
    String before = old.path("type").asText();
    String after = type(wanted, before);
    if (after == null) {
      return;
    }
    if (!after.equals(before)) {
      Set<String> names = new HashSet<>();
      old.fieldNames().forEachRemaining(names::add);
      names.removeAll(LIMITS);
      old.remove(names);
      old.put("type", after);
    } else if (after.equals("at")) {
      old.remove(wanted.hasNonNull("at") ? Set.of("anchor", "offset") : Set.of());
      if (wanted.hasNonNull("anchor") || (wanted.hasNonNull("offset") && old.has("at"))) {
        old.remove("at");
      }
    } else if (after.equals("cron") && wanted.hasNonNull("cron")) {
      old.remove("dialect");
    }
  }

  private static @Nullable String type(ObjectNode wanted, String before) {
    if (wanted.hasNonNull("type")) {
      return wanted.get("type").asText();
    }
    String implied = ScheduleShape.impliedType(wanted);
    boolean interval = before.equals("fixedDelay") || before.equals("dailyWindow");
    return "fixedRate".equals(implied) && interval ? before : implied;
  }
}
