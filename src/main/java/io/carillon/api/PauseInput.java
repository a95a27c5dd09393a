package io.carillon.api;

import io.carillon.api.http.Body;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Why and until when something is paused, as a client says it. */
record PauseInput(@Nullable String reason, @Nullable Instant until) {
  private static final int LONGEST_REASON = 250;

  /** Notes what is wrong in the body. */
  static PauseInput read(Body body, Instant now) {
    String reason = reason(body);
    Instant until = body.instant("until");
    if (until != null && until.isBefore(now)) {
      body.fault("until", "at_in_past", "'until' is past: the pause would end at once");
    }
    return new PauseInput(reason, until);
  }

  /** Member {@code reason}. */
  static @Nullable String reason(Body body) {
    String reason = body.text("reason");
    if (reason != null && reason.length() > LONGEST_REASON) {
      body.fault("reason", "text_too_long", "at most " + LONGEST_REASON + " characters");
    }
    return reason;
  }
}
