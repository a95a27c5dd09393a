package io.carillon.execution;

import io.carillon.execution.Outcome.Failed;
import io.carillon.job.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Whether and when a failed attempt is followed by another. Reads {@code retryOn} and {@code
 * stopOn}: exact status, class of statuses, or word. A mail server's temporary refusal ({@code
 * SMTP_4xx}) is a kind of {@code NETWORK}, a missing heartbeat one of {@code TIMEOUT}; a failure
 * that the target reports itself counts as {@code 5xx}. Pure.
 */
final class RetryRule {
  private static final Set<String> NETWORK_KINDS =
      Set.of(
          Reasons.NETWORK, Reasons.DNS, Reasons.TLS, Reasons.CONNECT, Reasons.SECRET_UNAVAILABLE);

  /** What a target may ask for at the least, however short the job's own waits are. */
  private static final Duration LONGEST_ASKED = Duration.ofHours(1);

  private RetryRule() {}

  /**
   * The wait before the next attempt: as the policy has it, and not less than the target asked for
   * by {@code Retry-After} (RFC 9110, 10.2.3). That is bounded by the policy's longest wait or an
   * hour, whichever is more, and its jitter goes upwards only.
   *
   * @param failures counted failed attempts so far, from 1
   * @param random evenly drawn from [0, 1)
   */
  static Duration waitAfter(RetryPolicy policy, Failed failed, int failures, double random) {
    Duration own = policy.waitAfter(failures, random);
    if (failed.retryAfter() == null) {
      return own;
    }
    Duration bound = policy.max().compareTo(LONGEST_ASKED) > 0 ? policy.max() : LONGEST_ASKED;
    Duration asked = failed.retryAfter().compareTo(bound) > 0 ? bound : failed.retryAfter();
    return own.compareTo(asked) >= 0
        ? own
        : asked.plusMillis(Math.round(asked.toMillis() * policy.jitter() * random));
  }

  static boolean isRetried(RetryPolicy policy, Failed failed) {
    return names(policy.retryOn(), failed) && !names(policy.stopOn(), failed);
  }

  private static boolean names(List<String> words, Failed failed) {
    for (String word : words) {
      if (word.equals(failed.reason())
          || (word.equals(Reasons.NETWORK) && isOfNetwork(failed.reason()))
          || (word.equals(Reasons.TIMEOUT) && failed.reason().equals(Reasons.HEARTBEAT_LOST))
          || (word.equals("5xx") && failed.reason().equals(Reasons.TARGET_FAILED))
          || (word.endsWith("xx") && isOfClass(word, failed.reason()))
          || (failed.httpStatus() != null && covers(word, failed.httpStatus()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOfNetwork(String reason) {
    return NETWORK_KINDS.contains(reason) || isOfClass(Reasons.SMTP + "4xx", reason);
  }

  /** {@code SMTP_4xx} for {@code SMTP_451}. */
  private static boolean isOfClass(String word, String reason) {
    return word.startsWith(Reasons.SMTP)
        && reason.length() == word.length()
        && reason.startsWith(word.substring(0, word.length() - 2));
  }

  private static boolean covers(String word, int status) {
    return word.equals(Integer.toString(status))
        || (word.endsWith("xx") && word.length() == 3 && word.charAt(0) - '0' == status / 100);
  }
}
