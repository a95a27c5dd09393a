package io.carillon.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carillon.job.SecretKind;
import io.carillon.job.SecretRules;
import io.carillon.job.SigningKey;
import io.carillon.job.StoredSecret;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what a client says of a secret; no fault repeats a value. Stateless. */
public final class SecretValueReader {
  /** How long two keys are in use if nothing is said. */
  public static final Duration USUAL_GRACE = Duration.ofHours(24);

  private static final Duration SHORTEST_GRACE = Duration.ofMinutes(1);
  private static final Duration LONGEST_GRACE = Duration.ofDays(30);
  private static final int LONGEST = 4_096;
  private static final List<String> READ_ONLY =
      List.of("version", "versions", "createdAt", "rotatedAt");

  /** What a header can carry (RFC 9110, 5.5, without obs-text). */
  private static final Pattern TEXT = Pattern.compile("[!-~]|[!-~][\\t -~]*[!-~]");

  private SecretValueReader() {}

  /**
   * What was said.
   *
   * @param value null if one is to be generated
   * @param grace how long the value before stays in use; null: it goes at once
   */
  public record Said(SecretKind kind, @Nullable String value, @Nullable Duration grace) {
    @Override
    public String toString() {
      return "Said[" + kind + "]";
    }
  }

  /** Notes every fault of name and body; what it answers then is not to be used. */
  public static Said read(ObjectNode body, String name, Faults faults) {
    if (!StoredSecret.isName(name)) {
      faults.add("/name", "secret_name", "a name is 1–120 of letters, digits and . _ ~ -");
    }
    Fields fields = new Fields(body, "", faults);
    fields.know(READ_ONLY);
    String own = fields.text("name");
    if (own != null && !own.equals(name)) {
      fields.fault("name", "name_differs", "'name' is not the name in the path");
    }
    String value = fields.text("value");
    boolean generate = Boolean.TRUE.equals(fields.flag("generate"));
    SecretKind kind = fields.oneOf("kind", SecretKind.class);
    Duration grace = grace(fields);
    fields.end();
    if (fields.has("value") == generate) {
      fields.fault(
          "value",
          "secret_value_required",
          "give a 'value', or have one made with \"generate\": true");
    }
    SecretKind meant = kind == null ? meant(value) : kind;
    if (value != null) {
      check(fields, value, meant);
    }
    return new Said(meant, value, grace);
  }

  private static SecretKind meant(@Nullable String value) {
    return value == null || value.startsWith(SigningKey.PREFIX)
        ? SecretKind.SIGNING
        : SecretKind.TEXT;
  }

  private static void check(Fields fields, String value, SecretKind kind) {
    if (value.equals(SecretRules.MASK)) {
      fields.fault(
          "value", "secret_value", "*** is what a value is shown as; give the value itself");
    } else if (kind == SecretKind.SIGNING && SigningKey.parse(value).isEmpty()) {
      fields.fault(
          "value",
          "secret_signing_key",
          "a signing key is whsec_ and base64 of 24 to 64 bytes; \"generate\": true makes one");
    } else if (value.length() > LONGEST || !TEXT.matcher(value).matches()) {
      fields.fault(
          "value",
          "secret_value",
          "a value is 1 to "
              + LONGEST
              + " visible ASCII characters, with blanks and tabs only between others");
    }
  }

  private static @Nullable Duration grace(Fields fields) {
    boolean rotate = Boolean.TRUE.equals(fields.flag("rotate"));
    Duration grace = fields.duration("grace", SHORTEST_GRACE, LONGEST_GRACE, "duration_range");
    if (fields.has("grace") && !rotate) {
      fields.fault("grace", "grace_without_rotate", "'grace' needs \"rotate\": true");
    }
    return rotate ? (grace == null ? USUAL_GRACE : grace) : null;
  }
}
