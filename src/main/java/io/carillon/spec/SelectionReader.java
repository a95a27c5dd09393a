package io.carillon.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads which jobs an act is meant for. Stateless. */
public final class SelectionReader {
  private static final int MOST_LABELS = 16;

  private SelectionReader() {}

  /**
   * Which jobs: those with all the labels, in the queue.
   *
   * @param queue null for any
   */
  public record Selection(Map<String, String> labels, @Nullable String queue) {}

  /**
   * Notes every fault; what it answers then is not to be used.
   *
   * @param others members of the body that somebody else reads
   */
  public static Selection read(ObjectNode body, Collection<String> others, Faults faults) {
    Fields fields = new Fields(body, "", faults);
    fields.know(others);
    Map<String, String> labels = JobReader.labels(fields);
    String queue = fields.text("queue");
    fields.end();
    if (labels.size() > MOST_LABELS) {
      fields.fault(
          "labels", "labels_too_many", "jobs are found by " + MOST_LABELS + " labels at most");
    }
    if (labels.isEmpty() && queue == null && faults.isEmpty()) {
      fields.fault("labels", "filter_required", "'labels' or 'queue' has to say which jobs");
    }
    return new Selection(labels, queue);
  }
}
