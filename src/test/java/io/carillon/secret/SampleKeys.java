package io.carillon.secret;

import io.carillon.config.SecretsConfig;
import io.carillon.config.SecretsConfig.MasterKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Keys made of their ids. */
final class SampleKeys {
  private SampleKeys() {}

  static Keyring ring(String... ids) {
    return new Keyring(new SecretsConfig(Arrays.stream(ids).map(SampleKeys::key).toList()));
  }

  private static MasterKey key(String id) {
    byte[] bytes = Arrays.copyOf(id.repeat(32).getBytes(StandardCharsets.US_ASCII), 32);
    return new MasterKey(id, Base64.getEncoder().encodeToString(bytes));
  }
}
