package io.carillon.history;

import io.carillon.execution.ExecutionId;
import io.carillon.job.JobId;
import io.carillon.job.Jobs.BadCursor;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The last row of a page, as opaque text for a URL: base64url (RFC 4648, 5) without padding. Not
 * signed: it names a place in an order and opens nothing that its filter does not.
 */
final class Cursor {
  private static final int LONGEST = 512;
  private static final Pattern JOB = Pattern.compile("j(\\d{1,15}) (.+)");
  private static final Pattern EXECUTION = Pattern.compile("e(.+)");

  private Cursor() {}

  /** After which job a page begins. */
  record JobPlace(Instant createdAt, String id) {}

  static String of(Instant createdAt, JobId id) {
    return encode("j" + createdAt.toEpochMilli() + " " + id.value());
  }

  static String of(ExecutionId id) {
    return encode("e" + id.value());
  }

  static JobPlace job(String cursor) {
    Matcher matcher = JOB.matcher(decode(cursor));
    if (!matcher.matches() || !JobId.isValid(matcher.group(2))) {
      throw new BadCursor(cursor);
    }
    return new JobPlace(Instant.ofEpochMilli(Long.parseLong(matcher.group(1))), matcher.group(2));
  }

  static ExecutionId execution(String cursor) {
    Matcher matcher = EXECUTION.matcher(decode(cursor));
    if (!matcher.matches()) {
      throw new BadCursor(cursor);
    }
    return ExecutionId.parse(matcher.group(1)).orElseThrow(() -> new BadCursor(cursor));
  }

  private static String encode(String place) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(place.getBytes(StandardCharsets.US_ASCII));
  }

  private static String decode(String cursor) {
    if (cursor.length() > LONGEST) {
      throw new BadCursor(cursor.substring(0, LONGEST));
    }
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
    } catch (IllegalArgumentException e) {
      throw new BadCursor(cursor);
    }
  }
}
