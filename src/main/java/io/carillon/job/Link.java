package io.carillon.job;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to start when something has ended: one item of {@code onSuccess} and its like. Either
 * {@code job} or {@code task} is there.
 *
 * @param job id of a job that is run
 * @param task id of a task of which a job is made
 * @param parameters JSON-like, with placeholders for parts of the result; may be empty
 */
public record Link(@Nullable String job, @Nullable String task, Map<String, Object> parameters) {
  public static final String ON_SUCCESS = "onSuccess";
  public static final String ON_FAILURE = "onFailure";
  public static final String ON_COMPLETE = "onComplete";
  public static final String ON_GROUP_COMPLETE = "onGroupComplete";

  /** The field that puts a job into a group. */
  public static final String GROUP = "group";

  /** Runs that follow each other, one by one; a loop ends here. */
  public static final int DEEPEST = 32;

  public Link {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /** The links under a field of a definition, in order. */
  public static List<Link> of(Job job, String field) {
    return job.options().get(field) instanceof List<?> items ? of(items) : List.of();
  }

  /** Links as they are kept; what is none is passed over. */
  public static List<Link> of(List<?> items) {
    List<Link> links = new ArrayList<>(items.size());
    for (Object item : items) {
      if (item instanceof Map<?, ?> link) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        if (link.get("parameters") instanceof Map<?, ?> given) {
          given.forEach((name, value) -> parameters.put(String.valueOf(name), value));
        }
        links.add(new Link(text(link.get("job")), text(link.get("task")), parameters));
      }
    }
    return links;
  }

  /** The group that a job belongs to. */
  public static Optional<String> groupOf(Job job) {
    return Optional.ofNullable(text(job.options().get(GROUP)));
  }

  private static @Nullable String text(@Nullable Object value) {
    return value instanceof String text ? text : null;
  }
}
