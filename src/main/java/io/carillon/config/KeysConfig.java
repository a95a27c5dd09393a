package io.carillon.config;

import java.util.List;

/**
 * The API keys that configuration names. They are secrets: hash them, then forget them.
 *
 * @param keys as the clients send them; empty means the server is open, on loopback only
 */
public record KeysConfig(List<String> keys) {
  public KeysConfig {
    keys = List.copyOf(keys);
  }

  /** True if every call has to carry a key. */
  public boolean required() {
    return !keys.isEmpty();
  }

  @Override
  public String toString() {
    return "KeysConfig[" + keys.size() + " keys]";
  }
}
