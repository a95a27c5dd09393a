package io.carillon.config;

import java.util.Base64;
import java.util.List;

/**
 * The keys that stored secrets are encrypted with. The first encrypts, all of them decrypt.
 *
 * @param keys with ids of their own; empty means that this server keeps no secrets
 */
public record SecretsConfig(List<MasterKey> keys) {
  /** Of AES-256. */
  static final int KEY_BYTES = 32;

  public SecretsConfig {
    keys = List.copyOf(keys);
  }

  /**
   * A key. It is a secret itself.
   *
   * @param id told wherever something is encrypted with it; letters, digits, dashes, underscores
   * @param base64 of its 32 bytes
   */
  public record MasterKey(String id, String base64) {
    /** A fresh copy. */
    public byte[] bytes() {
      return Base64.getDecoder().decode(base64);
    }

    @Override
    public String toString() {
      return "MasterKey[" + id + "]";
    }
  }

  @Override
  public String toString() {
    return "SecretsConfig" + keys;
  }
}
