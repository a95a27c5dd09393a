package io.carillon.api.http;

import io.carillon.job.StoredJob;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The condition of an {@code If-Match} header (RFC 9110, 13.1.1). Weak tags and tags that are not
 * ours never match.
 *
 * @param given whether there was a header
 * @param any whether it was {@code *}
 */
public record IfMatch(boolean given, boolean any, List<Long> versions) {

  static IfMatch parse(@Nullable String header) {
    if (header == null) {
      return new IfMatch(false, false, List.of());
    }
    if (header.strip().equals("*")) {
      return new IfMatch(true, true, List.of());
    }
    return new IfMatch(
        true,
        false,
        Arrays.stream(header.split(",")).map(String::strip).flatMap(IfMatch::version).toList());
  }

  private static Stream<Long> version(String tag) {
    return tag.matches("\"[0-9]{1,18}\"")
        ? Stream.of(Long.valueOf(tag.substring(1, tag.length() - 1)))
        : Stream.empty();
  }

  /**
   * The version that a change has to find; empty if any will do.
   *
   * @param current reads the job; asked only where the header alone does not tell
   * @throws ProblemException 412 if the condition cannot hold
   */
  public OptionalLong expected(Supplier<Optional<StoredJob>> current) {
    return expectedVersion(() -> current.get().map(StoredJob::version));
  }

  /**
   * The same for anything that has a version.
   *
   * @param current reads the version; asked only where the header alone does not tell
   * @throws ProblemException 412 if the condition cannot hold
   */
  public OptionalLong expectedVersion(Supplier<Optional<Long>> current) {
    if (!given) {
      return OptionalLong.empty();
    }
    if (versions.size() == 1) {
      return OptionalLong.of(versions.get(0));
    }
    long version = current.get().orElseThrow(IfMatch::failed);
    if (any) {
      return OptionalLong.empty();
    }
    if (!versions.contains(version)) {
      throw failed();
    }
    return OptionalLong.of(version);
  }

  private static ProblemException failed() {
    return ProblemException.of(412, "version_stale", "If-Match does not name the current version");
  }
}
