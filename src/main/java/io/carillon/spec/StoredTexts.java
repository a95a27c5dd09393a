package io.carillon.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.job.Job;
import io.carillon.job.JobId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads stored definitions, many of which end alike: name, target and schedule differ from job to
 * job, and what follows them seldom does. So a text is read in two parts, and second parts are
 * kept, with what they say. Bounded; thread-safe.
 */
final class StoredTexts {
  /** Where {@link JobWriter#store} begins what jobs have in common. */
  private static final String SEAM = ",\"catchUp\":{";

  private static final int MOST_KNOWN = 500;
  private static final int LONGEST_KNOWN = 4096;

  private final Map<String, StoredForm.Manner> known = new ConcurrentHashMap<>();

  /**
   * @throws RuntimeException of some kind if it is not a stored definition
   */
  Job read(JobId id, String text) {
    // Inside a JSON string its quotes would be escaped; inside a nested object see below.
    int seam = text.indexOf(SEAM);
    if (seam < 0 || text.length() - seam > LONGEST_KNOWN) {
      return whole(id, text);
    }
    ObjectNode own = ownPart(text, seam);
    return own == null
        ? whole(id, text)
        : new StoredForm(own).job(id, manner(text.substring(seam)));
  }

  private static Job whole(JobId id, String text) {
    StoredForm form = new StoredForm((ObjectNode) StrictJson.tree(text));
    return form.job(id, form.manner());
  }

  /** Null if the seam lies inside a nested object: what comes before it leaves that one open. */
  private static @Nullable ObjectNode ownPart(String text, int seam) {
    try {
      return (ObjectNode) StrictJson.tree(text.substring(0, seam) + "}");
    } catch (UnreadableJson e) {
      return null;
    }
  }

  private StoredForm.Manner manner(String ending) {
    StoredForm.Manner manner = known.get(ending);
    if (manner == null) {
      manner = new StoredForm((ObjectNode) StrictJson.tree("{" + ending.substring(1))).manner();
      if (known.size() >= MOST_KNOWN) {
        known.clear();
      }
      known.put(ending, manner);
    }
    return manner;
  }
}
