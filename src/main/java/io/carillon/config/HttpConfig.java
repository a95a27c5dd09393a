package io.carillon.config;

import java.util.List;

/**
 * Where the HTTP server listens.
 *
 * @param host the address to bind to; a loopback one unless API keys are set
 * @param port 0 takes any free port
 * @param hosts further names that the {@code Host} header may carry, lower case
 */
public record HttpConfig(String host, int port, List<String> hosts) {
  public HttpConfig {
    hosts = List.copyOf(hosts);
  }

  /** True if only this machine can reach the server. */
  public boolean loopback() {
    return Values.isLoopback(host);
  }
}
