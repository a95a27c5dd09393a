package io.carillon.job;

import io.carillon.job.Jobs.BadCursor;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Predicate;

/** The name behind which a page of a list begins, as opaque text for a URL. Stateless. */
public final class NameCursor {
  private NameCursor() {}

  /** Base64url (RFC 4648, 5) without padding. */
  public static String of(String name) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(name.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @throws BadCursor if it was not made of a name that is valid
   */
  public static String name(String cursor, Predicate<String> valid) {
    String name;
    try {
      name = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new BadCursor(cursor);
    }
    if (!valid.test(name)) {
      throw new BadCursor(cursor);
    }
    return name;
  }
}
