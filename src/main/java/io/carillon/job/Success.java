package io.carillon.job;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an HTTP answer must be for the call to have succeeded. Read from the field {@code success}.
 * Pure.
 *
 * @param statuses exact ({@code "204"}) or classes ({@code "2xx"}); not empty
 * @param bodyMatches a regular expression that is to be found in what is kept of the body
 */
public record Success(List<String> statuses, @Nullable String bodyMatches) {
  /** Any 2xx. */
  public static final Success DEFAULT = new Success(List.of("2xx"), null);

  private static final String FIELD = "success";

  public Success {
    statuses = List.copyOf(statuses);
    if (statuses.isEmpty()) {
      throw new IllegalArgumentException("no status would be a success");
    }
  }

  /** {@link #DEFAULT} for jobs that say nothing. */
  public static Success of(Job job) {
    if (!(job.options().get(FIELD) instanceof Map<?, ?> success)) {
      return DEFAULT;
    }
    List<String> statuses =
        success.get("statuses") instanceof List<?> given && !given.isEmpty()
            ? given.stream().map(String::valueOf).toList()
            : DEFAULT.statuses();
    return new Success(statuses, success.get("bodyMatches") instanceof String regex ? regex : null);
  }

  /** Whether a status is one of these. */
  public boolean covers(int status) {
    String exact = Integer.toString(status);
    String ofClass = status / 100 + "xx";
    return statuses.contains(exact) || statuses.contains(ofClass);
  }
}
