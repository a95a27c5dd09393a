package io.carillon.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** JSON Merge Patch (RFC 7396, section 2). Stateless; neither argument is changed. */
public final class MergePatch {
  private MergePatch() {}

  /**
   * The target as the patch wants it: members that are null go, objects merge, the rest replaces.
   */
  public static ObjectNode apply(ObjectNode target, ObjectNode patch) {
    ObjectNode result = target.deepCopy();
    patch
        .properties()
        .forEach(
            entry -> {
              JsonNode wanted = entry.getValue();
              if (wanted.isNull()) {
                result.remove(entry.getKey());
              } else {
                result.set(entry.getKey(), merged(result.get(entry.getKey()), wanted));
              }
            });
    return result;
  }

  private static JsonNode merged(@Nullable JsonNode current, JsonNode patch) {
    if (!(patch instanceof ObjectNode object)) {
      return patch.deepCopy();
    }
    return apply(current instanceof ObjectNode there ? there : StrictJson.object(), object);
  }
}
