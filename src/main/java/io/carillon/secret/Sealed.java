package io.carillon.secret;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something encrypted.
 *
 * @param keyId of the key that did it
 * @param nonce 96 bits
 * @param ciphertext with the tag at its end
 */
record Sealed(String keyId, byte[] nonce, byte[] ciphertext) {
  static final int NONCE_BYTES = 12;

  /** Also what a stored definition is searched for. */
  static final String FORM = "c1\\.([A-Za-z0-9_-]{1,32})\\.([A-Za-z0-9_-]{38,})";

  private static final Pattern TEXT = Pattern.compile(FORM);

  /** As one text; {@link #parse} is its inverse. */
  String text() {
    byte[] both = new byte[nonce.length + ciphertext.length];
    System.arraycopy(nonce, 0, both, 0, nonce.length);
    System.arraycopy(ciphertext, 0, both, nonce.length, ciphertext.length);
    return "c1." + keyId + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(both);
  }

  /** Empty if it is no such text. */
  static Optional<Sealed> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      byte[] both = Base64.getUrlDecoder().decode(matcher.group(2));
      byte[] nonce = Arrays.copyOf(both, NONCE_BYTES);
      byte[] ciphertext = Arrays.copyOfRange(both, NONCE_BYTES, both.length);
      return Optional.of(new Sealed(matcher.group(1), nonce, ciphertext));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "Sealed[" + keyId + "]";
  }
}
