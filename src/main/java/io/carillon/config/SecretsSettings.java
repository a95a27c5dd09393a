package io.carillon.config;

import io.carillon.config.SecretsConfig.MasterKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** The keys that secrets are encrypted with: from a text, and from a file. Stateless. */
final class SecretsSettings {
  private static final String MAKE_ONE = "openssl rand -base64 32 makes one";
  private static final int FINGERPRINT_DIGITS = 12;

  private SecretsSettings() {}

  static SecretsConfig read(Settings settings, Path directory) {
    List<MasterKey> keys = new ArrayList<>(settings.get(Keys.SECRETS_KEY));
    Path file = settings.find(Keys.SECRETS_KEY_FILE);
    if (file != null) {
      keys.addAll(ofFile(settings, directory.resolve(file)));
    }
    Set<String> ids = new HashSet<>();
    for (MasterKey key : keys) {
      if (!ids.add(key.id())) {
        settings.fault(
            file == null ? Keys.SECRETS_KEY : Keys.SECRETS_KEY_FILE,
            "the key id " + key.id() + " is there twice",
            null);
      }
    }
    return new SecretsConfig(keys);
  }

  private static List<MasterKey> ofFile(Settings settings, Path file) {
    try {
      List<MasterKey> keys =
          Files.readAllLines(file).stream()
              .map(String::strip)
              .filter(line -> !line.isEmpty() && !line.startsWith("#"))
              .map(SecretsSettings::key)
              .toList();
      if (keys.isEmpty()) {
        settings.fault(Keys.SECRETS_KEY_FILE, "holds no key", MAKE_ONE);
      }
      return keys;
    } catch (IOException | UncheckedIOException unreadable) {
      settings.fault(Keys.SECRETS_KEY_FILE, "cannot be read", "name a file with one key a line");
    } catch (IllegalArgumentException badKey) {
      settings.fault(Keys.SECRETS_KEY_FILE, String.valueOf(badKey.getMessage()), null);
    }
    return List.of();
  }

  /**
   * {@code id:key} or a key alone, whose id is made of its hash.
   *
   * @throws IllegalArgumentException saying what is expected, without repeating the text
   */
  static MasterKey key(String text) {
    int colon = text.indexOf(':');
    byte[] bytes = decoded(text.substring(colon + 1));
    if (bytes.length != SecretsConfig.KEY_BYTES) {
      throw new IllegalArgumentException(
          "must hold keys of %d bytes in base64, and one has %d; %s"
              .formatted(SecretsConfig.KEY_BYTES, bytes.length, MAKE_ONE));
    }
    String id = colon < 0 ? fingerprint(bytes) : text.substring(0, colon);
    if (!id.matches("[A-Za-z0-9_-]{1,32}")) {
      throw new IllegalArgumentException(
          "must name each key by 1 to 32 letters, digits, dashes or underscores, as in id:key");
    }
    return new MasterKey(id, Base64.getEncoder().encodeToString(bytes));
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException notBase64) {
      // Without its cause, which tells a character of the key.
      throw new IllegalArgumentException(
          "must hold keys in base64, each as id:key or alone; " + MAKE_ONE);
    }
  }

  private static String fingerprint(byte[] key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(key);
      return "sha-" + HexFormat.of().formatHex(hash).substring(0, FINGERPRINT_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
