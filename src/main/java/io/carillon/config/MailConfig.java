package io.carillon.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The mail server that sends what jobs with an email target ask for.
 *
 * @param username null for a server that asks for none
 * @param password a secret; null without a user
 * @param from the sender of mails that name none
 * @param timeout for connecting, and for each answer of the server
 */
public record MailConfig(
    String host,
    int port,
    @Nullable String username,
    @Nullable String password,
    String from,
    Tls tls,
    Duration timeout) {

  /** How the connection is protected. */
  public enum Tls {
    /** Not at all: for a relay on the same machine or in the same network. */
    NONE(25),
    /** By STARTTLS; a server that does not offer it is not used. */
    STARTTLS(587),
    /** From the first byte. */
    TLS(465);

    private final int port;

    Tls(int port) {
      this.port = port;
    }

    /** The usual port. */
    int port() {
      return port;
    }
  }

  @Override
  public String toString() {
    return "MailConfig[" + host + ":" + port + ", " + tls + "]";
  }
}
